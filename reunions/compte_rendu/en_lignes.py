"""The minutes and an agenda as blocks read in order, without tables: what braille embosses."""

from . import markdown
from .donnees import donnees as en_mots
from .donnees import faits


def compte_rendu(vue: dict, *, mentions, pole: str, pied: str) -> list[tuple[str, str]]:
    """(« h », « p » or « item », words), in the order of the page."""
    d = en_mots(vue, mentions=mentions, pole=pole, pied=pied)
    blocs = [("h", d["titre_document"]), *[("p", mention) for mention in mentions]]
    blocs += [("p", f"{nom} : {valeur}") for nom, valeur in d["faits"]]
    blocs += _partie("Objectif", [("p", ligne) for ligne in d["objectif"].splitlines()])
    blocs += _partie("Personnes présentes", [("p", d["compte_presents"]), *_items(d["presents"])])
    if d["excuses"]:
        blocs += _partie("Personnes excusées", [("p", d["compte_excuses"]), *_items(d["excuses"])])
    blocs += _partie("Animation", [("item", f"- {personne}") for personne in d["animateurs"]])
    blocs += _partie("Documents de la rencontre", [("item", f"- {titre}") for titre in d["documents"]])
    for theme in d["diagnostic"]:
        blocs += _partie(f"Diagnostic : {theme['theme']}", [("item", f"{t}. {dit}") for t, dit in theme["lignes"]])
    for section in d["sections"]:
        blocs += _partie(section["titre"], _texte(section["blocs"]))
    blocs += _resultats(d["resultats"])
    blocs += _partie("Actions décidées", _items(d["actions"]))
    if d["prochaine"]:
        lignes = [("p", f"{nom} : {valeur}") for nom, valeur in d["prochaine"]["faits"]]
        blocs += _partie("Prochaine rencontre", lignes + _numerotes(d["prochaine"]["points"]))
    return blocs + _annexes(d)


def ordre_du_jour(vue: dict) -> list[tuple[str, str]]:
    """`vue`: titre, quand, ou, objectif, ordre_du_jour of a snapshot's layout."""
    blocs = [("h", f"Ordre du jour : {vue['titre']}")]
    blocs += [("p", f"{nom} : {valeur}") for nom, valeur in faits(vue) if valeur]
    blocs += _partie("Objectif", [("p", ligne) for ligne in vue["objectif"].splitlines()])
    for rang, point in enumerate(vue["ordre_du_jour"], 1):
        blocs.append(("item", f"{rang}. {point['titre']}"))
        blocs += [("p", ligne) for ligne in point["details"].splitlines()]
    return blocs


def _partie(titre, lignes) -> list:
    return [("h", titre), *lignes] if lignes else []


def _items(lignes) -> list:
    return [("item", "- " + ", ".join(filter(None, ligne))) for ligne in lignes]


def _numerotes(points) -> list:
    return [("item", f"{rang}. {point}") for rang, point in enumerate(points, 1)]


def _texte(blocs, marque="") -> list:
    """Markdown's blocks: a list item keeps its dash or its number."""
    lignes = []
    for bloc in blocs:
        if bloc["genre"] in ("p", "h"):
            genre = "h" if bloc["genre"] == "h" else "item" if marque else "p"
            lignes += [(genre, marque + mots) for mots in markdown.mots(bloc["texte"]).split("\n")]
        elif bloc["genre"] in ("ul", "ol", "citation"):
            for rang, element in enumerate(bloc["lignes"], bloc.get("debut", 1)):
                tiret = {"ul": "- ", "ol": f"{rang}. ", "citation": ""}[bloc["genre"]]
                lignes += _texte(element, tiret)
    return lignes


def _resultats(resultats) -> list:
    if not resultats:
        return []
    blocs = [("h", "Résultats de l'atelier"), ("p", resultats["phrase"]), ("p", resultats["note"])]
    for axe, ligne in zip(resultats["axes"], resultats["lignes"], strict=False):
        blocs += [("h", axe["nom"]), ("p", f"Rang {ligne[1]}. {axe['phrase']} Part à court terme : {ligne[5]}.")]
        blocs += [
            ("item", f"- {nom} : {rose} rose, {jaune} jaune, {total} en tout")
            for nom, rose, jaune, total in axe["lignes"]
        ]
    return blocs


def _annexes(d) -> list:
    blocs = []
    for axe in d["resultats"]["axes"] if d["resultats"] else []:
        blocs.append(("h", f"Annexe 1, {axe['nom']}"))
        for nom, roses, jaunes in axe["verbatim"]:
            blocs.append(("p", nom))
            blocs += [("item", f"- rose : {mots}") for mots in roses]
            blocs += [("item", f"- jaune : {mots}") for mots in jaunes]
        blocs.append(("p", axe["total_en_mots"]))
    tours = [("item", f"- {qui} : {' ; '.join(dits) or 'rien'}") for qui, dits in d["tours"]]
    return blocs + _partie("Annexe 2 : le tour de table", tours)
