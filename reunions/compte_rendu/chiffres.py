"""The workshop's figures, frozen with their words, and read again for the drawing: nothing is worked out twice."""

from types import SimpleNamespace

from reunions.resultats.dessin import Vue, vue_d_ensemble
from reunions.resultats.presentation import presenter


def figer(atelier) -> dict:
    """Counts, shares (percent, a decimal), ranks, classes and notes. The queries of `presenter`."""
    vue = presenter(atelier)
    resultats = vue["resultats"]
    return {
        "seuil": resultats.seuil,
        "axes": [_axe(tableau) for tableau in vue["tableaux"]],
        **_comptes(resultats),
    }


def _comptes(chiffres) -> dict:
    part = None if chiffres.pourcent is None else float(chiffres.pourcent)
    return {"rose": chiffres.rose, "jaune": chiffres.jaune, "total": chiffres.total, "pourcent": part}


def _axe(tableau) -> dict:
    axe, notes = tableau.axe, {groupe.categorie.pk: groupe for groupe in tableau.notes}
    return {
        "nom": axe.nom,
        "rang": axe.rang,
        "ex_aequo": axe.ex_aequo,
        "classe": str(axe.verdict.label),
        "phrase": tableau.phrase,
        **_comptes(axe),
        "categories": [
            {"nom": c.nom, "rose": c.rose, "jaune": c.jaune, "total": c.total, **_textes(notes.get(c.pk))}
            for c in axe.categories
        ],
    }


def _textes(groupe) -> dict:
    """The verbatim of a category, by colour."""
    if groupe is None:
        return {"roses": [], "jaunes": []}
    return {"roses": [n.texte for n in groupe.roses], "jaunes": [n.texte for n in groupe.jaunes]}


def relire(fige: dict) -> SimpleNamespace:
    """Frozen figures under the names that templates/reunions/_resultats_chiffres.html and the drawing read."""
    axes = [
        SimpleNamespace(pk=rang, verdict={"label": axe["classe"]}, **axe) for rang, axe in enumerate(fige["axes"], 1)
    ]
    return SimpleNamespace(**{**fige, "axes": axes})


def dessin(fige: dict) -> Vue:
    return vue_d_ensemble(relire(fige), cle="compte-rendu")


def citees(axe: dict, combien: int) -> list[dict]:
    """The categories that were written most, the order of the board deciding between equals."""
    return sorted((c for c in axe["categories"] if c["total"]), key=lambda c: -c["total"])[:combien]
