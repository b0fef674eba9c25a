"""« Ce qui attend » on the account page: conversations, bookings, late returns, parts of a batch."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from annuaire.compte_attentes import toutes
from tests.factories import StructureFactory
from tests.factories.ressources import (
    AnnonceFactory,
    CalendrierFactory,
    PartDeLotFactory,
    ReservationFactory,
    plage,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def calendrier(structure):
    return CalendrierFactory(annonce=AnnonceFactory(structure=structure))


def phrases(utilisateur):
    return [attente.phrase for attente in toutes(utilisateur)]


def test_requests_wait_for_the_lender_alone(calendrier, referent, membre, etranger):
    emprunteuse = etranger.rattachements.get().structure
    ReservationFactory(calendrier=calendrier, structure=emprunteuse)
    assert phrases(referent) == ["Une demande de réservation attend votre réponse."]
    assert phrases(membre) == phrases(etranger) == []  # a member does not decide; the borrower has nothing to do
    ReservationFactory(calendrier=calendrier, structure=emprunteuse)
    assert phrases(referent) == ["2 demandes de réservation attendent votre réponse."]


def test_a_late_return_is_told_to_both_sides(calendrier, referent, etranger):
    hier = timezone.now() - timedelta(days=1)
    ReservationFactory(
        calendrier=calendrier,
        structure=etranger.rattachements.get().structure,
        etat="remise",
        periode=plage(hier - timedelta(days=2), hier),
    )
    assert phrases(referent) == phrases(etranger) == ["Un prêt devait être rendu : dites où cela en est."]


def test_parts_wait_batch_by_batch(structure, referent, etranger, client):
    lot = AnnonceFactory(structure=structure, mode="don", quantite=9, partage="choisi", titre="Neuf vélos")
    PartDeLotFactory(annonce=lot, structure=StructureFactory(), etat="demandee")
    PartDeLotFactory(annonce=lot, structure=StructureFactory(), etat="demandee")
    PartDeLotFactory(annonce=lot, structure=StructureFactory(), etat="refusee")
    attente = toutes(referent)[0]
    assert attente.phrase == "2 demandes attendent votre décision pour « Neuf vélos »."
    assert attente.url == reverse("ressources:lot", args=[lot.pk])
    assert phrases(etranger) == []
    client.force_login(referent)
    assert "Neuf vélos" in client.get(reverse("mon_compte")).content.decode()


@pytest.mark.parametrize("nombre", [1, 4])
def test_number_of_queries_is_constant(calendrier, referent, structure, nombre, django_assert_num_queries):
    for _ in range(nombre):
        ReservationFactory(calendrier=calendrier, structure=StructureFactory())
        lot = AnnonceFactory(structure=structure, mode="don", quantite=9, partage="choisi")
        PartDeLotFactory(annonce=lot, structure=StructureFactory(), etat="demandee")
    with django_assert_num_queries(14):
        assert len(toutes(referent)) == 1 + nombre
