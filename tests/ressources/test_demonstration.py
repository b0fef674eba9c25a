"""The demonstration's offers and needs: enough of each, nothing on a real structure, loaded once."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from annuaire.models import Structure
from ressources.bilans import Base, Sens
from ressources.bilans.annee import bilan_de
from ressources.bilans.presentation import totaux_publics
from ressources.models import (
    Annonce,
    Appel,
    Bilan,
    Calendrier,
    CoefficientEstime,
    Etape,
    MiseEnCommun,
    MiseEnRelation,
    PartDeLot,
    PartEnCommun,
    PhotoAnnonce,
    Reservation,
    Tournee,
    Urgence,
)
from ressources.natures import Nature
from tests.bases import RESERVE

pytestmark = [pytest.mark.lent, pytest.mark.django_db]


@pytest.fixture
def chargee(settings):
    settings.DEMO = True
    RESERVE.demonstration()


def test_at_least_sixty_announcements_of_every_nature_and_state(chargee):
    ouvertes = Annonce.objects.ouvertes()
    assert ouvertes.count() >= 60
    assert set(ouvertes.values_list("nature", flat=True)) == set(Nature.values)
    assert set(ouvertes.values_list("sens", flat=True)) == {"offre", "besoin"}
    assert set(Annonce.objects.values_list("etat", flat=True)) >= {
        "brouillon", "a_valider", "a_corriger", "publiee", "pourvue", "refusee",
    }  # fmt: skip
    assert Annonce.objects.expirees().exists()


def test_nothing_is_attached_to_a_real_structure(chargee):
    assert not Annonce.objects.filter(structure__est_demonstration=False).exists()
    assert not MiseEnRelation.objects.filter(structure__est_demonstration=False).exists()
    assert not Reservation.objects.filter(structure__est_demonstration=False).exists()
    assert not Urgence.objects.filter(structure__est_demonstration=False).exists()
    assert not Appel.objects.filter(structure__est_demonstration=False).exists()


def test_bookings_a_batch_half_taken_and_a_tour(chargee):
    assert set(Reservation.objects.values_list("etat", flat=True)) >= {
        "demandee", "confirmee", "remise", "rendue", "refusee", "non_venue",
    }  # fmt: skip
    assert Calendrier.objects.filter(genre="pool").exists()
    lot = Annonce.objects.get(source_cle="ordinateurs")
    assert (lot.restant, lot.quantite) == (10, 20)
    prises = lot.parts.filter(etat__in=["attribuee", "remise"]).aggregate(total=Sum("quantite"))["total"]
    assert prises == lot.quantite_prise
    assert PartDeLot.objects.filter(etat="en_attente").exists()
    assert Etape.objects.filter(tournee=Tournee.objects.get()).count() >= 3


def test_an_urgent_call_answered_and_one_open(chargee):
    assert dict(Urgence.objects.values_list("etat", "confirmes")) == {"pourvue": 1, "ouverte": 0}
    assert set(Appel.objects.values_list("etat", flat=True)) == {"oui", "non", "envoye", "trop_tard"}


def test_two_years_of_a_bilan_on_three_bases(chargee):
    structure, annee = Structure.objects.get(source_cle="atelier-velo-parcs"), timezone.localdate().year
    for quand in (annee - 1, annee):
        assert {c.base for f in bilan_de(structure, quand).faits for c in f.chiffres} == set(Base)
    assert {f.sens for f in bilan_de(structure, annee - 1).faits} == {Sens.DONNE, Sens.RECU}
    assert totaux_publics(bilan_de(structure, annee - 1))
    assert CoefficientEstime.objects.exists()
    assert not CoefficientEstime.objects.filter(exemple=False).exists()  # an invented value is never a fact


def test_every_picture_is_drawn_and_described(chargee):
    photos = PhotoAnnonce.objects.all()
    assert photos.count() >= 40
    assert all(photo.alternative and photo.largeur == 960 and photo.vignette for photo in photos)


def test_a_purchase_in_each_state_and_a_post_that_fills_up(chargee):
    connection.check_constraints()  # the sums, as at the commit
    mises = list(MiseEnCommun.objects.select_related("annonce"))
    assert {mise.avancement for mise in mises if mise.est_achat} == {
        "ouverte", "prolongee", "atteinte", "a_decider", "commandee", "recue", "soldee", "abandonnee",
    }  # fmt: skip
    assert {mise.avancement for mise in mises if not mise.est_achat} == {"ouverte", "atteinte", "conclue"}
    assert not PartEnCommun.objects.filter(structure__est_demonstration=False).exists()


def test_loading_twice_adds_nothing(chargee):
    modeles = (
        *(Annonce, Reservation, MiseEnRelation, PartDeLot, Etape, PhotoAnnonce),
        *(MiseEnCommun, PartEnCommun, Urgence, Appel),
    )
    modeles = (Annonce, Reservation, MiseEnRelation, PartDeLot, Etape, PhotoAnnonce, Bilan, CoefficientEstime)
    avant = {m: m.objects.count() for m in modeles}
    call_command("charger_demonstration", verbosity=0)
    assert {m: m.objects.count() for m in avant} == avant
