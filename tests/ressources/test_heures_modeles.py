"""What the database itself refuses in the ledger of hours, whatever the code asks."""

import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ressources.actions import heures
from ressources.models import CompteHeures, EcritureHeures, OperationHeures, ReglagesHeures
from tests.factories import StructureFactory, UtilisateurFactory
from tests.factories.heures import (
    CompteHeuresFactory,
    ComptePersonneFactory,
    OperationHeuresFactory,
    verifier_le_grand_livre,
)

pytestmark = pytest.mark.django_db


def refuse(nom, acte):
    """`acte`, or the end of its transaction, is refused by the rule `nom`."""
    with pytest.raises(IntegrityError) as refus, transaction.atomic():
        acte()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert nom in str(refus.value)


@pytest.fixture
def confirmee():
    return OperationHeuresFactory(etat="confirmee")


def test_balances_follow_the_entries(confirmee):
    assert (confirmee.aidant.solde, confirmee.aide.solde) == (2, -2)
    verifier_le_grand_livre()


def test_an_entry_is_never_changed_nor_removed(confirmee):
    ecriture = confirmee.ecritures.first()
    refuse("ecriture_heures_immuable", lambda: EcritureHeures.objects.filter(pk=ecriture.pk).update(montant=3))
    refuse(
        "ecriture_heures_immuable", lambda: EcritureHeures.objects.filter(pk=ecriture.pk).update(passee_le="2020-01-01")
    )
    refuse("ecriture_heures_immuable", ecriture.delete)


@pytest.mark.parametrize(
    "valeurs", [{"heures": 3}, {"etat": "annulee"}, {"jour": "2020-01-01"}, {"genre": "correction", "corrige": "soi"}]
)
def test_a_confirmed_operation_is_frozen_but_for_its_words(confirmee, valeurs):
    valeurs = {champ: confirmee if valeur == "soi" else valeur for champ, valeur in valeurs.items()}
    refuse("operation_heures_figee", lambda: OperationHeures.objects.filter(pk=confirmee.pk).update(**valeurs))
    OperationHeures.objects.filter(pk=confirmee.pk).update(objet="[retiré]", motif="", propose_par=None)


def test_a_confirmed_operation_is_not_removed(confirmee):
    with connection.cursor() as cursor:
        refuse(
            "operation_heures_figee",
            lambda: cursor.execute("DELETE FROM ressources_operationheures WHERE id = %s", [confirmee.pk]),
        )


def ecrire(operation, *montants):
    for compte, montant in zip((operation.aidant, operation.aide), montants, strict=False):
        EcritureHeures.objects.create(
            operation=operation, compte=compte, montant=montant, passee_le=timezone.localdate()
        )


@pytest.mark.parametrize("montants", [(), (2,), (2, -3), (-2, 2), (3, -3)], ids=str)
def test_confirmed_without_its_two_right_entries_is_refused(montants):
    operation = OperationHeuresFactory()

    def confirmer():
        OperationHeures.objects.filter(pk=operation.pk).update(etat="confirmee", decidee_le=timezone.now())
        ecrire(operation, *montants)

    refuse("operation_heures_equilibree", confirmer)


@pytest.mark.parametrize("etat", ["proposee", "contestee", "annulee"])
def test_entries_of_what_is_not_confirmed_are_refused(etat):
    operation = OperationHeuresFactory(etat=etat)
    refuse("operation_heures_equilibree", lambda: ecrire(operation, 2, -2))


def test_a_third_entry_is_refused(confirmee):
    tiers = CompteHeuresFactory()
    refuse(
        "operation_heures_equilibree",
        lambda: EcritureHeures.objects.create(
            operation=confirmee, compte=tiers, montant=1, passee_le=timezone.localdate()
        ),
    )
    refuse("ecriture_heures_une_par_compte", lambda: ecrire(confirmee, 1))


def test_a_balance_is_written_by_its_entries_alone():
    compte = CompteHeuresFactory()
    refuse("compte_heures_solde", lambda: CompteHeures.objects.filter(pk=compte.pk).update(solde=5))
    refuse("compte_heures_solde", lambda: CompteHeuresFactory(solde=Decimal("5")))


def test_never_under_the_floor():
    compte = CompteHeuresFactory(plancher=Decimal("-3"))
    OperationHeuresFactory(aide=compte, heures=Decimal("3"), etat="confirmee")
    refuse(
        "compte_heures_plancher", lambda: OperationHeuresFactory(aide=compte, heures=Decimal("0.25"), etat="confirmee")
    )


@pytest.mark.parametrize(
    ("nom", "valeurs"),
    [
        ("operation_heures_quarts", {"heures": Decimal("1.10")}),
        ("operation_heures_positive", {"heures": Decimal("0")}),
        ("operation_heures_positive", {"heures": Decimal("-1")}),
        ("operation_heures_genre", {"genre": "credit"}),
        ("operation_heures_correction", {"genre": "correction"}),
        ("operation_heures_datee", {"etat": "annulee", "decidee_le": None}),
    ],
)
def test_operations_that_mean_nothing_are_refused(nom, valeurs):
    refuse(nom, lambda: OperationHeuresFactory(**valeurs))


def test_an_account_does_not_help_itself():
    compte = CompteHeuresFactory()
    refuse("operation_heures_a_deux", lambda: OperationHeuresFactory(aidant=compte, aide=compte))


def test_an_account_has_one_holder_and_a_holder_one_account():
    structure, personne = StructureFactory(), UtilisateurFactory()
    refuse("compte_heures_un_titulaire", lambda: CompteHeuresFactory(utilisateur=personne))
    refuse("compte_heures_sans_titulaire_ferme", lambda: CompteHeuresFactory(structure=None))
    CompteHeuresFactory(structure=structure)
    refuse("structure_id", lambda: CompteHeuresFactory(structure=structure))
    heures.compte_du_pole()
    refuse("compte_heures_un_pole", lambda: CompteHeures.objects.create(genre="pole"))
    refuse("compte_heures_plancher_connu", lambda: CompteHeuresFactory(plancher=None))


def test_the_starting_credit_is_given_once():
    compte = heures.ouvrir(structure=StructureFactory())
    refuse(
        "operation_heures_un_credit",
        lambda: heures.ecrire_confirmee(
            genre="credit", aidant=compte, aide=heures.compte_du_pole(), heures=Decimal("5"), objet="Encore"
        ),
    )


def test_who_goes_leaves_a_closed_account_that_names_nobody():
    compte = ComptePersonneFactory(trouvable=True)
    operation = OperationHeuresFactory(aidant=compte, etat="confirmee")
    compte.utilisateur.delete()
    compte = CompteHeures.objects.get(pk=compte.pk)
    assert (compte.utilisateur, compte.trouvable, compte.est_ouvert) == (None, False, False)
    assert (compte.nom, compte.solde) == ("Une personne partie", 2)
    operation.aide.structure.delete()
    assert CompteHeures.objects.get(pk=operation.aide_id).nom == "Une structure partie"
    verifier_le_grand_livre()


def test_one_row_of_settings_with_quarters_and_a_floor_under_zero():
    assert (ReglagesHeures.actuels().credit_depart, ReglagesHeures.actuels().plancher) == (5, -10)
    refuse("reglages_heures_une_ligne", lambda: ReglagesHeures.objects.create(pk=2))
    refuse("reglages_heures_quarts", lambda: ReglagesHeures.objects.create(pk=1, credit_depart=Decimal("5.1")))
    refuse("reglages_heures_plancher", lambda: ReglagesHeures.objects.create(pk=1, plancher=Decimal("1")))


def test_the_check_sees_a_balance_that_does_not_follow(confirmee):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE ressources_compteheures SET solde = 7 WHERE id = %s", [confirmee.aidant_id])
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert list(CompteHeures.objects.incoherents()) == [confirmee.aidant]


def test_a_form_key_writes_once():
    cle = uuid.uuid4()
    OperationHeuresFactory(cle=cle)
    refuse("cle", lambda: OperationHeuresFactory(cle=cle))
