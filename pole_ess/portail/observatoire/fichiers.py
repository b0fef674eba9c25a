"""A figure as CSV: its rows, each with the year and the day it was counted, so that a copied row says its date."""

from collections.abc import Iterator

from django.utils import timezone

from annuaire.exports import lignes_csv

from .mesure import Mesure
from .releve import Releve

LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"


def en_csv(mesure: Mesure, releve: Releve) -> Iterator[str]:
    """Headers alone when there is nothing to count. Raises nothing: what is not shown is a word."""
    annee, le = annee_en_clair(releve), timezone.localdate(releve.le).isoformat()
    lignes = () if mesure.vide else mesure.tableau.pour_tableur()
    entetes = [*_distincts(mesure.tableau.entetes), "Années comptées", "Relevé le"]
    return lignes_csv(entetes, ([*ligne, annee, le] for ligne in lignes))


def nom_de_fichier(mesure: Mesure, releve: Releve) -> str:
    return f"observatoire-{mesure.cle}-{releve.annee or 'toutes-annees'}.csv"


def annee_en_clair(releve: Releve) -> str:
    """« 2026 », « 2014-2026 »."""
    return f"{min(releve.annees)}-{max(releve.annees)}" if len(releve.annees) > 1 else str(releve.annees[0])


def _distincts(entetes) -> list[str]:
    """A header that repeats (« Échanges ») takes the name of the column before it: a program tells them
    apart."""
    return [
        f"{entete} ({entetes[rang - 1].lower()})" if list(entetes).count(entete) > 1 else entete
        for rang, entete in enumerate(entetes)
    ]
