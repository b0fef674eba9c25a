"""The plans of the search across everything: which index answers. Times belong to the bench, never to the tests."""

from random import Random

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.http import QueryDict
from django.utils import timezone

from annuaire.models import Structure
from pole_ess.portail.recherche import chercher
from reunions.models import Action, Evenement, Reunion
from tests.factories import StructureFactory, UtilisateurFactory

pytestmark = [pytest.mark.lent, pytest.mark.django_db]
COMBIEN = 2000


@pytest.fixture(scope="module", autouse=True)
def beaucoup(django_db_setup, django_db_blocker):
    """Enough rows for the planner to prefer an index; written once, for they take seconds."""
    with django_db_blocker.unblock(), transaction.atomic():
        _remplir()
        yield
        transaction.set_rollback(True)


def _remplir():
    hasard, maintenant = Random(7), timezone.now()
    hote = StructureFactory(nom="Hôtesse")
    textes = [" ".join(f"mot{hasard.randrange(5000):04d}" for _ in range(12)) for _ in range(COMBIEN)]
    Structure.objects.bulk_create(
        Structure(nom=f"Structure {rang}", slug=f"s-{rang}", presentation=texte, etat="publiee", publiee_le=maintenant)
        for rang, texte in enumerate(textes)
    )
    Evenement.objects.bulk_create(
        Evenement(
            structure=hote, titre=f"Événement {rang}", description=texte, debut=maintenant, etat="publie",
            publie_le=maintenant,
        )
        for rang, texte in enumerate(textes)
    )  # fmt: skip
    Reunion.objects.bulk_create(
        Reunion(titre=f"Réunion {rang}", objectif=texte, debut=maintenant, etat="annoncee", annoncee_le=maintenant)
        for rang, texte in enumerate(textes)
    )
    Action.objects.bulk_create(Action(titre=f"Action {rang}", details=texte) for rang, texte in enumerate(textes))
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE annuaire_structure, reunions_evenement, reunions_reunion, reunions_action, portail_entreerecherche"
        )


def plans(utilisateur) -> list[str]:
    """Of the queries that count and that choose the best."""
    lus = []

    def noter(execute, sql, parametres, many, context):
        if "UNION" in sql:
            with connection.cursor() as cursor:
                cursor.cursor.execute(f"EXPLAIN {sql}", parametres)
                lus.append("\n".join(ligne for (ligne,) in cursor.cursor.fetchall()))
        return execute(sql, parametres, many, context)

    with connection.execute_wrapper(noter):
        resultat = chercher(QueryDict("q=mot0042"), utilisateur)
        assert set(resultat.comptes) == {"structures", "rencontres", "actions"}
        assert resultat.groupes
    return lus


@pytest.mark.parametrize("role", ["visiteur", "membre", "animateur"])
def test_every_group_is_answered_from_an_index(role):
    utilisateur = AnonymousUser() if role == "visiteur" else UtilisateurFactory(is_staff=role == "animateur")
    comptes, meilleures = plans(utilisateur)
    for plan in (comptes, meilleures):
        assert "structure_vecteur" in plan
        assert "entree_vecteur" in plan
        for table in ("annuaire_structure", "portail_entreerecherche", "reunions_reunion", "reunions_evenement"):
            assert f"Seq Scan on {table} " not in plan, plan
