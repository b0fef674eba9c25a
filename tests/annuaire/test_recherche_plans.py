"""The plans of the main searches: which index answers. Times belong to the bench, never to the tests."""

from random import Random

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.utils import timezone

from annuaire.models import Structure
from annuaire.recherche import carte, chercher
from tests.factories import CommuneFactory

pytestmark = [pytest.mark.lent, pytest.mark.django_db]


@pytest.fixture(scope="module", autouse=True)
def beaucoup(django_db_setup, django_db_blocker):
    """Enough rows for the planner to prefer an index, spread over France; written once, for they take seconds."""
    with django_db_blocker.unblock(), transaction.atomic():
        _remplir()
        yield
        transaction.set_rollback(True)


def _remplir():
    hasard = Random(7)
    commune = CommuneFactory(code="03310", nom="Vichy", latitude=46.128, longitude=3.426)
    Structure.objects.bulk_create(
        Structure(
            nom=f"Structure {rang}",
            slug=f"structure-{rang}",
            presentation=f"Mot{rang:04d} commun " * 3,
            siret=f"{10**13 + rang * 7919:014d}",
            commune=commune,
            latitude=hasard.uniform(43, 50),
            longitude=hasard.uniform(-1, 7),
            position_origine="commune",
            etat="publiee",
            publiee_le=timezone.now(),
        )
        for rang in range(4000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE annuaire_structure")


def plan(queryset) -> str:
    sql, parametres = queryset.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", parametres)
        return "\n".join(ligne for (ligne,) in cursor.fetchall())


@pytest.mark.parametrize(
    ("chaine", "index"),
    [
        ("q=vichy+structure+7", "structure_vecteur"),
        ("q=10000000", "structure_siret"),
        ("commune=03310&km=30", "structure_point"),
        ("tri=nom", "structure_tri_publiee"),
    ],
)
def test_list_is_answered_from_an_index(chaine, index):
    requete = chercher(QueryDict(chaine)).queryset.only("nom")[:20]
    obtenu = plan(requete)
    assert index in obtenu
    assert "Seq Scan on annuaire_structure" not in obtenu


def test_map_is_answered_from_an_index_on_the_point():
    vue = carte.Vue(46.0, 3.0, 46.3, 3.5, 12)
    obtenu = plan(carte.grouper(chercher(QueryDict("")).filtree_exacte, vue))
    assert "structure_point" in obtenu
    assert "Seq Scan" not in obtenu


def test_typos_are_looked_up_in_the_words():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO annuaire_mot (mot)"
            " SELECT left(translate(md5(n::text), '0123456789', 'ghijklmnop'), 11) FROM generate_series(1, 40000) AS n"
        )
        cursor.execute("ANALYZE annuaire_mot")
        cursor.execute("EXPLAIN SELECT mot FROM annuaire_mot WHERE mot % 'structur'")
        assert "mot_trgm" in "\n".join(ligne for (ligne,) in cursor.fetchall())


def test_newest_come_from_their_index():
    assert "structure_nouvelles" in plan(Structure.objects.publiees().order_by("-publiee_le", "-pk")[:3])
