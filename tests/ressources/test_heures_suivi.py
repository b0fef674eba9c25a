"""What time does to hours: one reminder, the end of what waits too long, the floor, the check of the books."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from annuaire.actions.effacement import effacer_utilisateur
from pole_ess.socle.models import Courriel
from ressources.actions import heures_suivi
from ressources.models import CompteHeures, OperationHeures, ReglagesHeures
from ressources.tasks import heures as taches
from tests.factories import RattachementFactory, UtilisateurFactory
from tests.factories.heures import (
    CompteHeuresFactory,
    ComptePersonneFactory,
    OperationHeuresFactory,
    verifier_le_grand_livre,
)

pytestmark = pytest.mark.django_db


def vieillir(operation, jours):
    OperationHeures.objects.filter(pk=operation.pk).update(cree_le=timezone.now() - timedelta(days=jours))


def test_reminded_once_after_five_days(structure, referent):
    operation = OperationHeuresFactory(aide=CompteHeuresFactory(structure=structure))
    vieillir(operation, 4)
    taches.suivre_heures.func(0)
    assert Courriel.objects.count() == 0
    vieillir(operation, 6)
    for _ in range(2):
        taches.suivre_heures.func(0)
    courriel = Courriel.objects.get()
    assert courriel.destinataire == referent.email
    assert courriel.sujet.startswith("Rappel")


def test_unanswered_for_sixty_days_is_cancelled_and_who_noted_it_is_told(structure, referent):
    operation = OperationHeuresFactory(aidant=CompteHeuresFactory(structure=structure))
    vieillir(operation, 61)
    for _ in range(2):
        taches.suivre_heures.func(0)
    operation.refresh_from_db()
    assert operation.etat == "annulee"
    assert Courriel.objects.get().destinataire == referent.email


def test_contested_ones_wait_for_people(structure):
    operation = OperationHeuresFactory(etat="contestee")
    vieillir(operation, 90)
    taches.suivre_heures.func(0)
    operation.refresh_from_db()
    assert operation.etat == "contestee"


def test_a_new_floor_spares_who_is_below_it_until_they_climb():
    haut, bas = CompteHeuresFactory(), CompteHeuresFactory()
    OperationHeuresFactory(aidant=haut, aide=bas, heures=Decimal("8"), etat="confirmee")
    ReglagesHeures.objects.create(pk=1, plancher=Decimal("-4"))
    taches.verifier_heures.func(0)
    haut.refresh_from_db()
    bas.refresh_from_db()
    assert (haut.plancher, bas.plancher) == (-4, -8)
    OperationHeuresFactory(aidant=bas, aide=haut, heures=Decimal("5"), etat="confirmee")
    taches.verifier_heures.func(0)
    bas.refresh_from_db()
    assert bas.plancher == -4
    assert heures_suivi.appliquer_le_plancher() == 0


def test_the_team_is_told_once_a_day_of_a_balance_that_does_not_follow():
    compte = OperationHeuresFactory(etat="confirmee").aidant
    taches.verifier_heures.func(0)
    assert Courriel.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE ressources_compteheures SET solde = 7 WHERE id = %s", [compte.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    for _ in range(2):
        taches.verifier_heures.func(0)
    assert str(compte.pk) in Courriel.objects.get().texte


def test_who_is_erased_leaves_balanced_books_and_no_name():
    personne = UtilisateurFactory(nom="Camille Exemple", email="camille@example.org")
    RattachementFactory(utilisateur=personne)
    compte = ComptePersonneFactory(utilisateur=personne, trouvable=True)
    faite = OperationHeuresFactory(aidant=compte, objet="Merci Camille Exemple", etat="confirmee", propose_par=personne)
    attente = OperationHeuresFactory(aide=compte)
    effacer_utilisateur(personne, par=personne)
    compte = CompteHeures.objects.get(pk=compte.pk)
    assert (compte.solde, compte.nom, compte.est_ouvert) == (2, "Une personne partie", False)
    faite.refresh_from_db()
    attente.refresh_from_db()
    assert "Camille" not in faite.objet
    assert (faite.propose_par, attente.etat) == (None, "annulee")
    verifier_le_grand_livre()
