"""One page for elected people. Everything is cut to a length that always holds on an A4 page (tested)."""

from django.utils.text import Truncator

from pole_ess.socle.templatetags.francais import pluriel
from reunions.resultats.dessin import decrire

from . import markdown
from .chiffres import citees, relire
from .donnees import INSECABLE, part

AXES, CITEES, SECTIONS = 6, 3, 2
"""At most: boards shown, categories of a board, sections."""
COURT, MOYEN, LONG = 52, 100, 330
"""Letters."""


def donnees(vue: dict, *, pole: str, pied: str) -> dict:
    return {
        "titre_document": f"En une page : {_couper(vue['titre'], MOYEN)}",
        "auteur": pole,
        "pied": _couper(pied, MOYEN),
        "quand": f"{_couper(vue['quand'], MOYEN).capitalize()}, {_couper(vue['ou'], MOYEN)}",
        "essentiel": _essentiel(vue),
        "resultats": _resultats(vue["resultats"]),
        "sections": _sections(vue["sections"]),
        "prochaine": _prochaine(vue["prochaine"]),
    }


def _couper(texte: str, lettres: int) -> str:
    return Truncator(" ".join(texte.split())).chars(lettres)


def _essentiel(vue) -> list[str]:
    venues = vue["nb_presentes"]
    mots = pluriel(venues, "personne présente,personnes présentes")
    excusees = pluriel(vue["nb_excusees"], "excusée,excusées")
    lignes = [f"{venues}{INSECABLE}{mots}, {vue['nb_excusees']} {excusees}."]
    if vue["objectif"]:
        lignes.append(f"Objectif : {_couper(vue['objectif'], 180)}")
    enonces = sum(len(theme["enonces"]) for theme in vue["diagnostic"])
    if enonces:
        lignes.append(f"{enonces}{INSECABLE}{pluriel(enonces, 'énoncé,énoncés')} du diagnostic regardés ensemble.")
    decidees = len(vue["actions"])
    if decidees:
        lignes.append(f"{decidees}{INSECABLE}{pluriel(decidees, 'action décidée,actions décidées')}.")
    return lignes


def _resultats(fige) -> dict | None:
    """The boards by rank, with what was written most on each."""
    if not fige or not fige["axes"]:
        return None
    axes = sorted(fige["axes"], key=lambda axe: axe["rang"])[:AXES]
    montres = [{**axe, "nom": _couper(axe["nom"], COURT)} for axe in axes]
    reste = len(fige["axes"]) - len(axes)
    return {
        "axes": [{cle: axe[cle] for cle in ("nom", "rose", "jaune", "total")} for axe in montres],
        "description": decrire(relire({**fige, "axes": montres})),
        "entetes": ["Axe", "Rang", "Part à court terme, classe", "Ce qui revient le plus"],
        "lignes": [[axe["nom"], str(axe["rang"]), f"{part(axe)}, {axe['classe']}", _cites(axe)] for axe in montres],
        "reste": f"{reste} autres axes sont dans le compte rendu." if reste > 0 else "",
    }


def _cites(axe) -> str:
    noms = ", ".join(f"{_couper(c['nom'], 28)} ({c['total']})" for c in citees(axe, CITEES))
    return noms or "aucun post-it"


def _sections(sections) -> list[dict]:
    """The last ones: what was concluded and what follows."""
    return [
        {"titre": _couper(s["titre"], COURT), "texte": _couper(_en_mots(markdown.blocs(s["texte"])), LONG)}
        for s in sections[-SECTIONS:]
    ]


def _en_mots(blocs) -> str:
    """Blocks one after the other, each ended by a full stop."""
    phrases = []
    for bloc in blocs:
        if "texte" in bloc:
            phrases.append(markdown.mots(bloc["texte"]).strip())
        phrases += [_en_mots(ligne) for ligne in bloc.get("lignes", [])]
    return " ".join(p if p.endswith((".", "!", "?", ":", "…")) else f"{p}." for p in phrases if p)


def _prochaine(suite) -> str:
    if not suite:
        return ""
    points = " ; ".join(_couper(p, 40) for p in suite["points"][:5])
    lignes = [_couper(suite["titre"], MOYEN), f"{_couper(suite['quand'], MOYEN)}, {_couper(suite['ou'], MOYEN)}"]
    return "\n".join([*lignes, *([f"À l'ordre du jour : {points}."] if points else [])])
