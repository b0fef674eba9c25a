"""What an exchange was worth: one row per side, corrected rather than doubled; French figures."""

from decimal import Decimal

import pytest

from annuaire.models import Structure
from ressources.actions import bilan
from ressources.forms.bilan import FormulaireBilan
from ressources.models import Bilan
from tests.factories import StructureFactory
from tests.factories.ressources import AnnonceFactory, MiseEnRelationFactory, ReservationFactory

pytestmark = pytest.mark.django_db


def test_each_side_has_its_row_and_corrects_it(referent):
    relation = MiseEnRelationFactory(etat="interessee")
    commun = {"annonce": relation.annonce, "mise_en_relation": relation, "par": referent}
    bilan.declarer(structure=relation.annonceur, avec=relation.structure, heures=Decimal("3"), **commun)
    bilan.declarer(structure=relation.structure, avec=relation.annonceur, heures=Decimal("4"), **commun)
    bilan.declarer(structure=relation.annonceur, avec=relation.structure, heures=Decimal("3.5"), **commun)
    lignes = Bilan.objects.order_by("pk").values_list("structure", "heures", "euros")
    assert list(lignes) == [(relation.annonceur_id, Decimal("3.5"), None), (relation.structure_id, Decimal("4"), None)]


def test_met_with_a_structure_that_had_answered_joins_the_conversation():
    relation = MiseEnRelationFactory(etat="interessee")
    ligne = bilan.declarer(
        annonce=relation.annonce, structure=relation.annonceur, par=None, avec=relation.structure, kilos=Decimal("2")
    )
    assert ligne.mise_en_relation == relation


def test_met_elsewhere_is_one_row_for_each_partner():
    annonce = AnnonceFactory()
    for nom in ("La Roue", "La Roue", "Le Moulin"):
        bilan.declarer(annonce=annonce, structure=annonce.structure, par=None, avec_libre=nom)
    autre = StructureFactory()
    bilan.declarer(annonce=annonce, structure=annonce.structure, par=None, avec=autre)
    lignes = Bilan.objects.order_by("pk").values_list("avec_libre", "avec")
    assert list(lignes) == [("La Roue", None), ("Le Moulin", None), ("", autre.pk)]


def test_a_booking_has_its_own_rows():
    reservation = ReservationFactory(etat="rendue")
    annonce = reservation.calendrier.annonce
    for euros in ("10", "12.50"):
        bilan.declarer(
            annonce=annonce, structure=annonce.structure, par=None, reservation=reservation, euros=Decimal(euros)
        )
    assert [ligne.euros for ligne in Bilan.objects.all()] == [Decimal("12.50")]


def test_form_reads_french_figures():
    form = FormulaireBilan({"heures": "3,5", "euros": "1 250,50 €", "kilos": ""})
    assert form.is_valid()
    assert form.valeurs() == {"heures": Decimal("3.5"), "euros": Decimal("1250.50"), "kilos": None}


@pytest.mark.parametrize("heures", ["-1", "abc", "1e5", "100000", "NaN", "1,234"])
def test_form_refuses_what_is_no_figure(heures):
    form = FormulaireBilan({"heures": heures})
    assert not form.is_valid()
    assert list(form.errors) == ["heures"]


def test_form_with_a_structure_or_a_name_not_both():
    structure = StructureFactory()
    form = FormulaireBilan({"avec": structure.pk, "avec_libre": "La Roue"}, structures=Structure.objects.all())
    assert list(form.errors) == ["avec_libre"]
    form = FormulaireBilan({"avec": structure.pk}, structures=Structure.objects.all())
    assert form.is_valid()
    assert form.valeurs()["avec"] == structure
