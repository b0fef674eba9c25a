"""A page of results is read by shorter ways than the whole list: the rows must be the same."""

from random import Random

import pytest
from django.db import connection
from django.http import QueryDict

from annuaire.models import Structure
from annuaire.recherche import chercher, facettes
from tests.factories import ActiviteFactory, CommuneFactory, StructureFactory
from tests.partage import ecrit_par_module

pytestmark = pytest.mark.django_db


def _disperser():
    """Sixty around one commune, denser near it, some at the very same point; half of them dance."""
    hasard = Random(3)
    danse = ActiviteFactory(nom="Danse", slug="danse")
    commune = CommuneFactory(code="03310", nom="Vichy", latitude=46.128, longitude=3.426)
    for rang in range(60):
        ecart = hasard.gauss(0, 0.05) if rang % 5 else 0
        structure = StructureFactory(
            nom=f"Théâtre {hasard.randrange(1000):03d}", commune=commune, position_origine="adresse",
            latitude=46.128 + ecart, longitude=3.426 + ecart,
        )  # fmt: skip
        if rang % 2:
            structure.activites.add(danse)


dispersees = ecrit_par_module(_disperser)

RECHERCHES = [
    "",
    "q=theatre",
    "q=teatre&activite=danse",
    "commune=03310&km=100",
    "commune=03310&km=100&tri=nom",
    "commune=03310&km=100&q=theatre&tri=distance&activite=danse",
    "commune=03310&km=0.001&activite=danse",
    "activite=danse&forme=association",
]


@pytest.mark.parametrize("ids_max", [0, 1000])
@pytest.mark.parametrize("chaine", RECHERCHES)
def test_slices_are_those_of_the_whole_list(dispersees, monkeypatch, ids_max, chaine):
    monkeypatch.setattr(facettes, "IDS_MAX", ids_max)
    resultat = chercher(QueryDict(chaine))
    entiere = list(resultat.queryset.values_list("pk", flat=True))
    assert len(entiere) == resultat.total > 0
    for debut, fin in [(0, 1), (0, 5), (3, 7), (20, 40), (59, 80)]:
        assert list(resultat.tranche(debut, fin).values_list("pk", flat=True)) == entiere[debut:fin]


def test_the_nearest_are_looked_for_in_a_smaller_circle(dispersees, monkeypatch):
    monkeypatch.setattr(facettes, "IDS_MAX", 0)
    resultat = chercher(QueryDict("commune=03310&km=400"))
    assert resultat.total == 60
    requete = str(resultat.tranche(0, 2).query)
    assert "400.0" not in requete
    assert resultat._plus_pres(60) is None, "so many need the whole circle"


def test_what_the_count_sets_ends_with_it(dispersees):
    def reglages():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('enable_seqscan'), current_setting('work_mem')")
            return cursor.fetchone()

    avant = reglages()
    assert chercher(QueryDict("q=theatre")).total == Structure.objects.count()
    assert reglages() == avant
    assert avant[0] == "on"
