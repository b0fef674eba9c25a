"""What each document prints, in words: shared by PDF, word processors and braille."""

from pole_ess.socle.templatetags.francais import chiffre, pluriel
from reunions.resultats.dessin import decrire

from . import markdown
from .chiffres import relire

ENTETES = {
    "faits": ["Rencontre", "Précisions"],
    "diagnostic": ["Énoncé", "Ce qui en est dit"],
    "chiffres": ["Axe", "Rang", "Rose", "Jaune", "Total", "Part à court terme", "Classe"],
    "axe": ["Catégorie", "Court terme (rose)", "Long terme (jaune)", "Total"],
    "actions": ["Action", "Qui la mène", "Pour quand"],
    "prochaine": ["Prochaine rencontre", "Précisions"],
    "verbatim": ["Catégorie", "Court terme (post-it roses)", "Long terme (post-it jaunes)"],
    "tours": ["Qui parle", "Priorités à court terme"],
}
"""The header cells of each table; « personnes » is added by audience."""
INSECABLE = "\u00a0"


def donnees(vue: dict, *, mentions: list[str], pole: str, pied: str) -> dict:
    """`mentions`: what is said first of this version (published on, approved, corrections); a line each."""
    return {
        "titre_document": f"Compte rendu : {vue['titre']}",
        "auteur": pole,
        "pied": pied,
        "mentions": mentions,
        "faits": [fait for fait in faits(vue) if fait[1]],
        "objectif": vue["objectif"],
        "compte_presents": compte(vue["nb_presentes"], "présente"),
        "compte_excuses": compte(vue["nb_excusees"], "excusée"),
        "entetes": {**ENTETES, "personnes": entetes_personnes(vue)},
        "presents": personnes(vue, "presents"),
        "excuses": personnes(vue, "excuses"),
        "animateurs": [animateur(a) for a in vue["animateurs"]],
        "documents": [d["titre"] for d in vue["documents"]],
        "diagnostic": [
            {"theme": t["theme"], "lignes": [[e["texte"], enonce(e)] for e in t["enonces"]]} for t in vue["diagnostic"]
        ],
        "sections": [{"titre": s["titre"], "blocs": markdown.blocs(s["texte"])} for s in vue["sections"]],
        "resultats": resultats(vue["resultats"]),
        "actions": [[a["titre"], a["pilote"] or "à décider", a["echeance"] or "sans date"] for a in vue["actions"]],
        "prochaine": prochaine(vue["prochaine"]),
        "tours": [[t["qui"], t["priorites"]] for t in vue["tours"]],
    }


def faits(vue) -> list[list[str]]:
    return [
        ["Quand", vue["quand"]],
        ["Où", vue["ou"]],
        ["Type de rencontre", vue["genre"]],
        ["Projet", vue["projet"]],
    ]


def compte(nombre: int, mot: str) -> str:
    """« 28 personnes présentes. »"""
    return f"{nombre}{INSECABLE}{pluriel(nombre, f'personne {mot},personnes {mot}s')}."


def avec_noms(vue) -> bool:
    return any("nom" in ligne for ligne in [*vue["presents"], *vue["excuses"]])


def entetes_personnes(vue) -> list[str]:
    return ["Structure", "Nom", "Fonction"] if avec_noms(vue) else ["Structure"]


def personnes(vue, cle) -> list[list[str]]:
    """Rows under `entetes_personnes`."""
    if avec_noms(vue):
        return [[p["au_nom_de"], p.get("nom", ""), p.get("fonction", "")] for p in vue[cle]]
    return [[p["au_nom_de"]] for p in vue[cle]]


def animateur(a) -> str:
    return ", ".join(filter(None, [a.get("nom", ""), a.get("organisation", ""), a.get("fonction", "")]))


def enonce(e) -> str:
    """What was decided of a statement, who recognised themselves in it, what was said."""
    reconnus = e["reconnus"]
    mots = pluriel(reconnus, "personne s'y reconnaît,personnes s'y reconnaissent")
    dit = f"{e['issue'].capitalize()}." + (f" {reconnus}{INSECABLE}{mots}." if reconnus else "")
    return "\n".join(filter(None, [dit, e["remarques"]]))


def part(chiffres) -> str:
    return "aucune" if chiffres["pourcent"] is None else f"{chiffre(chiffres['pourcent'])}{INSECABLE}%"


def resultats(fige) -> dict | None:
    """The figures of the workshop as tables of words."""
    if not fige or not fige["axes"]:
        return None
    lignes = [[a["nom"], _rang(a), *_trois(a), part(a), a["classe"]] for a in fige["axes"]]
    lignes.append(["Ensemble", "–", *_trois(fige), part(fige), "–"])
    return {
        "phrase": f"{fige['total']}{INSECABLE}post-it sur {len(fige['axes'])} "
        f"{pluriel(len(fige['axes']), 'axe,axes')}. Les parts sont des parts de post-it, pas de personnes.",
        "description": decrire(relire(fige)),
        "lignes": lignes,
        "note": f"Une classe est donnée à partir de {fige['seuil']}{INSECABLE}% des post-it d'un axe ; en dessous, la "
        "différence est faible. Deux axes qui ont autant de post-it ont le même rang.",
        "axes": [_axe(axe) for axe in fige["axes"]],
    }


def _rang(axe) -> str:
    return f"{axe['rang']} ex æquo" if axe["ex_aequo"] else str(axe["rang"])


def _trois(chiffres) -> list[str]:
    return [str(chiffres[cle]) for cle in ("rose", "jaune", "total")]


def _axe(axe) -> dict:
    return {
        "nom": axe["nom"],
        "rose": axe["rose"],
        "jaune": axe["jaune"],
        "total": axe["total"],
        "phrase": axe["phrase"],
        "lignes": [[c["nom"], *_trois(c)] for c in axe["categories"]],
        "verbatim": [[f"{c['nom']} ({c['total']})", c["roses"], c["jaunes"]] for c in axe["categories"] if c["total"]],
        "total_en_mots": f"Sous-total : {axe['rose']} à court terme, {axe['jaune']} à long terme, "
        f"{axe['total']}{INSECABLE}post-it.",
    }


def prochaine(suite) -> dict | None:
    if not suite:
        return None
    return {
        "faits": [["Rencontre", suite["titre"]], ["Quand", suite["quand"]], ["Où", suite["ou"]]],
        "points": suite["points"],
    }
