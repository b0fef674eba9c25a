"""Many people at once on the accounts of hours: real threads and connections; the whole ledger is read again."""

import uuid
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from annuaire.actions.fusion import fusionner
from annuaire.models import Structure
from ressources.actions import TransitionInterdite, heures
from ressources.models import CompteHeures, EcritureHeures, OperationHeures
from tests.factories import StructureFactory, UtilisateurFactory
from tests.factories.heures import CompteHeuresFactory, OperationHeuresFactory, verifier_le_grand_livre
from tests.ressources.test_lots_fils import ensemble

pytestmark = pytest.mark.django_db(transaction=True)


def confirmeur(operation):
    """Confirms in its own connection, from a row of its own."""
    return lambda: heures.confirmer(
        OperationHeures.objects.get(pk=operation.pk), par=None, cote=operation.cote_qui_decide
    )


@pytest.fixture(autouse=True)
def le_grand_livre_tient():
    yield
    with transaction.atomic():
        verifier_le_grand_livre()


def test_sixty_confirm_at_the_floor_and_none_passes_it():
    aide = CompteHeuresFactory(plancher=Decimal("-10"))
    operations = [OperationHeuresFactory(aide=aide, heures=Decimal("1")) for _ in range(60)]
    erreurs = ensemble([confirmeur(operation) for operation in operations])
    assert {type(erreur) for _, erreur in erreurs} == {heures.PlancherAtteint}
    assert len(erreurs) == 50
    aide.refresh_from_db()
    assert aide.solde == -10
    assert OperationHeures.objects.filter(etat="confirmee").count() == 10
    assert EcritureHeures.objects.count() == 20


def test_sixty_confirm_crosswise_without_a_deadlock():
    a, b = CompteHeuresFactory(plancher=-100), CompteHeuresFactory(plancher=-100)
    operations = [
        OperationHeuresFactory(aidant=(a, b)[n % 2], aide=(b, a)[n % 2], heures=Decimal(n % 4 + 1) / 4)
        for n in range(60)
    ]
    assert ensemble([confirmeur(operation) for operation in operations]) == []
    a.refresh_from_db()
    b.refresh_from_db()
    attendu = sum(op.heures if op.aidant_id == a.pk else -op.heures for op in operations)
    assert (a.solde, b.solde) == (attendu, -attendu)
    assert EcritureHeures.objects.count() == 120


def test_one_operation_confirmed_by_ten_and_contested_by_ten_ends_once():
    operation = OperationHeuresFactory()

    def contester():
        heures.contester(OperationHeures.objects.get(pk=operation.pk), par=None, cote="aide", motif="Non")

    erreurs = ensemble([*[confirmeur(operation)] * 10, *[contester] * 10])
    assert {type(erreur) for _, erreur in erreurs} <= {TransitionInterdite}
    operation.refresh_from_db()
    assert operation.etat == "confirmee"  # contested first, it can still be confirmed
    assert EcritureHeures.objects.count() == 2


def test_confirming_while_it_is_taken_back_does_one_or_the_other():
    for _ in range(5):
        operation = OperationHeuresFactory()

        def annuler(operation=operation):
            heures.annuler(OperationHeures.objects.get(pk=operation.pk), par=None, cote="aidant")

        erreurs = ensemble([confirmeur(operation), annuler])
        operation.refresh_from_db()
        assert len(erreurs) == 1
        assert (
            EcritureHeures.objects.filter(operation=operation).count() == {"confirmee": 2, "annulee": 0}[operation.etat]
        )


def test_ten_openings_make_one_account_with_one_credit():
    structure, personne = StructureFactory(), UtilisateurFactory()
    actes = [lambda: heures.ouvrir(structure=structure)] * 10 + [lambda: heures.ouvrir(utilisateur=personne)] * 10
    assert ensemble(actes) == []
    assert sorted(CompteHeures.objects.values_list("genre", "solde")) == [
        ("personne", 5), ("pole", -10), ("structure", 5),
    ]  # fmt: skip


def test_both_sides_note_at_once_and_one_form_sent_ten_times_writes_once():
    a, b = CompteHeuresFactory(), CompteHeuresFactory()
    cle = uuid.uuid4()

    def proposer(de, vers, cle):
        return lambda: heures.proposer(
            de, autre=vers, cote="aidant", heures=Decimal("1"), jour=timezone.localdate(), objet="", par=None, cle=cle
        )

    actes = [proposer(a, b, cle)] * 10 + [proposer(b, a, uuid.uuid4()) for _ in range(10)]
    assert ensemble(actes) == []
    assert (OperationHeures.objects.filter(aidant=a).count(), OperationHeures.objects.filter(aidant=b).count()) == (
        1,
        10,
    )


def test_merging_while_hours_are_confirmed_loses_none():
    garder, absorber = StructureFactory(), StructureFactory()
    comptes = [CompteHeuresFactory(structure=s, plancher=-100) for s in (garder, absorber)]
    animateur = UtilisateurFactory(is_staff=True)
    operations = [OperationHeuresFactory(aide=comptes[n % 2]) for n in range(20)]

    def fusion():
        fusionner(Structure.objects.get(pk=garder.pk), Structure.objects.get(pk=absorber.pk), par=animateur)

    erreurs = ensemble([fusion, *[confirmeur(operation) for operation in operations]])
    assert {type(erreur) for _, erreur in erreurs} <= {TransitionInterdite}
    for operation in OperationHeures.objects.filter(etat="proposee"):
        heures.confirmer(operation, par=None, cote="aide")
    compte = CompteHeures.objects.get(structure=garder)
    assert compte.solde == -40
    assert EcritureHeures.objects.de_la_famille(compte).totaux()["recu"] == 40
