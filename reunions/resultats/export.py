"""The results as data: JSON for programs, CSV for spreadsheets (formulas neutralised by annuaire.exports)."""

from collections.abc import Iterator

from annuaire.exports import lignes_csv

from .calcul import Resultats, verbatim

CHIFFRES = ["axe", "rang", "classe", "part_court_terme", "categorie", "rose", "jaune", "total"]
POSTITS = ["axe", "categorie", "couleur", "texte"]
"""Columns that `importer_postits` reads again."""


def en_donnees(resultats: Resultats) -> dict:
    """What `exporter_atelier` prints; `part_court_terme` is a percentage of the notes, None without any."""
    return {
        "axes": [
            {
                "nom": axe.nom,
                "rose": axe.rose,
                "jaune": axe.jaune,
                "total": axe.total,
                "part_court_terme": None if axe.pourcent is None else float(axe.pourcent),
                "rang": axe.rang,
                "classe": axe.verdict.value,
                "categories": [
                    {"nom": c.nom, "rose": c.rose, "jaune": c.jaune, "total": c.total} for c in axe.categories
                ],
            }
            for axe in resultats.axes
        ],
        "total": resultats.total,
    }


def chiffres_csv(resultats: Resultats) -> Iterator[str]:
    """A line per axis, its category empty, then a line per category."""
    return lignes_csv(CHIFFRES, _chiffres(resultats))


def _chiffres(resultats):
    for axe in resultats.axes:
        part = "" if axe.pourcent is None else str(axe.pourcent).replace(".", ",")
        yield [axe.nom, axe.rang, axe.verdict.value, part, "", axe.rose, axe.jaune, axe.total]
        for c in axe.categories:
            yield [axe.nom, "", "", "", c.nom, c.rose, c.jaune, c.total]


def postits_csv(atelier, resultats: Resultats) -> Iterator[str]:
    """A line per note, as `importer_postits` reads them."""
    return lignes_csv(POSTITS, _postits(verbatim(atelier), resultats))


def _postits(notes, resultats):
    for axe in resultats.axes:
        for c in axe.categories:
            for couleur in ("rose", "jaune"):
                for note in notes.get((axe.pk, c.pk, couleur), []):
                    yield [axe.nom, "" if c.pk is None else c.nom, couleur, note.texte]
