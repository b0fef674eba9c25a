"""What is done together, in the bilan: purchases, hours of volunteers, accounts of hours."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from ressources.bilans import bilans_de_tous
from ressources.bilans.annee import bilan_de
from tests.factories.benevolat import CreneauFactory, InscriptionBenevoleFactory
from tests.factories.bilans import CoefficientEstimeFactory
from tests.factories.heures import CompteHeuresFactory, ComptePersonneFactory, OperationHeuresFactory
from tests.factories.mises_en_commun import MiseEnCommunFactory, PartEnCommunFactory

from .test_bilans import PARIS, dits

pytestmark = pytest.mark.django_db


def le(*quand):
    return datetime(*quand, tzinfo=PARIS)


# -- purchases


def acheter(recus, *, etat="recue", recue_le=None):
    """A purchase, the parts of its pilot and of others: each ordered five, received `recus`, at 8 € apiece."""
    mise = MiseEnCommunFactory()
    pilote = mise.annonce.structure
    parts = [PartEnCommunFactory(mise=mise, **({} if rang else {"structure": pilote})) for rang in range(len(recus))]
    for part, recu in zip(parts, recus, strict=True):
        part.commande = Decimal(5)
        if etat != "commandee":
            part.recu, part.montant, part.part_frais = Decimal(recu), Decimal(recu) * 8, Decimal(0)
        part.save()
    mise.refresh_from_db()
    mise.etat, mise.commandee_le, mise.prix_unitaire = etat, le(2026, 2, 1), Decimal(8)
    mise.quantite_commandee = Decimal(5 * len(recus))
    if etat != "commandee":
        mise.quantite_recue, mise.recue_le = Decimal(sum(recus)), recue_le or le(2026, 3, 1)
    mise.save()
    return parts


def test_un_achat_compte_quand_il_est_recu():
    pilote, autre, rien = acheter([5, 4, 0])
    assert dits(autre.structure) == {("ensemble", "achats", "deux"): (1, 1)}
    assert dits(pilote.structure) == {("ensemble", "achats", "un"): (1, 1)}
    assert dits(rien.structure) == dits(autre.structure, 2025) == {}
    (fait,) = bilan_de(autre.structure, 2026).faits
    assert (fait.quoi, fait.avec) == (f"{autre.mise.annonce.titre} (4 × sac)", pilote.structure.nom)
    assert fait.page == ("ressources:mise_en_commun", (autre.mise_id,))


def test_un_achat_commande_ou_abandonne_ne_compte_pas():
    for part in acheter([5, 5], etat="commandee"):
        assert dits(part.structure) == {}
    abandonne = PartEnCommunFactory(mise__etat="abandonnee", mise__close_le=le(2026, 3, 1), mise__motif="Trop peu.")
    assert dits(abandonne.structure) == {}


def test_le_jour_de_la_reception_a_paris():
    _, autre = acheter([5, 5], recue_le=datetime(2025, 12, 31, 23, 30, tzinfo=UTC))
    assert (dits(autre.structure, 2025), len(dits(autre.structure))) == ({}, 1)


# -- volunteers


def place(heures=None, heures_benevole=None, etat="venue", debut=None, **reste):
    creneau = CreneauFactory(debut=debut or le(2026, 5, 5, 9), **reste)
    return InscriptionBenevoleFactory(creneau=creneau, etat=etat, heures=heures, heures_benevole=heures_benevole)


def structure_de(place):
    return place.creneau.mission.annonce.structure


@pytest.mark.parametrize(
    ("heures", "heures_benevole", "attendu"),
    [
        (Decimal(3), Decimal(3), {("recu", "heures_benevoles", "deux"): (3, 1)}),
        (Decimal(3), Decimal(4), {("recu", "heures_benevoles", "deux"): (3, 1)}),
        (Decimal(3), None, {("recu", "heures_benevoles", "un"): (3, 1)}),
        (None, Decimal(4), {("recu", "heures_benevoles", "un"): (4, 1)}),
        (None, None, {("recu", "heures_benevoles", "estime"): (Decimal("2.5"), 1)}),
        (Decimal(0), None, {("recu", "heures_benevoles", "un"): (0, 1)}),
    ],
    ids=str,
)
def test_les_heures_d_un_benevole(heures, heures_benevole, attendu):
    CoefficientEstimeFactory(genre="heures_creneau", valeur=Decimal("2.5"))
    venue = place(heures, heures_benevole)
    assert dits(structure_de(venue)) == attendu
    (fait,) = bilan_de(structure_de(venue), 2026).faits
    assert venue.utilisateur.nom not in str(fait)  # no person is named


@pytest.mark.parametrize("etat", ["inscrite", "absente", "en_attente", "annulee"])
def test_qui_n_est_pas_venu_ne_compte_pas(etat):
    CoefficientEstimeFactory(genre="heures_creneau")
    assert dits(structure_de(place(etat=etat))) == {}


def test_le_creneau_a_son_jour_a_paris():
    tard = place(Decimal(2), debut=datetime(2025, 12, 31, 23, 30, tzinfo=UTC))
    assert dits(structure_de(tard))["recu", "heures_benevoles", "un"] == (2, 1)


# -- accounts of hours


def test_un_coup_de_main_confirme_des_deux_cotes():
    aide = OperationHeuresFactory(etat="confirmee", jour=date(2026, 6, 6))
    OperationHeuresFactory(aidant=aide.aidant, etat="proposee", jour=date(2026, 6, 7))
    assert dits(aide.aidant.structure) == {("donne", "heures_entraide", "deux"): (2, 1)}
    assert dits(aide.aide.structure) == {("recu", "heures_entraide", "deux"): (2, 1)}
    assert set(bilans_de_tous(2026)) == {aide.aidant.structure_id, aide.aide.structure_id}


def test_une_personne_n_est_pas_nommee():
    aide = OperationHeuresFactory(etat="confirmee", jour=date(2026, 6, 6), aidant=ComptePersonneFactory())
    (fait,) = bilan_de(aide.aide.structure, 2026).faits
    assert (fait.avec, fait.sens) == ("une personne", "recu")


def test_ce_qui_est_corrige_n_est_pas_compte():
    aide = OperationHeuresFactory(etat="confirmee", jour=date(2026, 6, 6))
    OperationHeuresFactory(
        genre="correction", corrige=aide, aidant=aide.aide, aide=aide.aidant, heures=aide.heures, etat="confirmee",
        jour=date(2026, 6, 8),
    )  # fmt: skip
    assert dits(aide.aidant.structure) == dits(aide.aide.structure) == {}


def test_le_compte_reuni_garde_ses_coups_de_main():
    garde = CompteHeuresFactory()
    aide = OperationHeuresFactory(etat="confirmee", jour=date(2026, 6, 6))
    absorbe = aide.aidant
    absorbe.structure, absorbe.absorbe_par, absorbe.ferme_le = None, garde, timezone.now()
    absorbe.save()
    assert dits(garde.structure) == {("donne", "heures_entraide", "deux"): (2, 1)}
