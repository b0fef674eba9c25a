"""Bookings in the admin: read, acted upon through the acts; what waits for the staff."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ressources.agenda import jours
from ressources.attentes_reservations import des_reservations
from ressources.models import Reservation
from tests.factories.ressources import CalendrierFactory, ReservationFactory

pytestmark = pytest.mark.django_db


def acte(reservation, nom):
    return reverse("admin:ressources_reservation_acte", args=[reservation.pk, nom])


@pytest.mark.parametrize("etat", Reservation.Etat.values)
def test_a_booking_shows_the_acts_of_its_state(client, animateur, etat):
    reservation = ReservationFactory(etat=etat)
    client.force_login(animateur)
    texte = client.get(reverse("admin:ressources_reservation_change", args=[reservation.pk])).content.decode()
    attendus = {"demandee": {"confirmer", "refuser", "annuler"}, "confirmee": {"annuler"}}
    assert {nom for nom in ("confirmer", "refuser", "annuler") if acte(reservation, nom) in texte} == attendus.get(
        etat, set()
    )
    assert 'name="quantite"' not in texte


@pytest.mark.parametrize(
    ("nom", "donnees", "arrivee"),
    [("confirmer", {}, "confirmee"), ("refuser", {"motif": "Non"}, "refusee"), ("annuler", {}, "annulee")],
)
def test_acts(client, animateur, nom, donnees, arrivee):
    reservation = ReservationFactory()
    client.force_login(animateur)
    assert client.get(acte(reservation, nom)).status_code == 200
    assert client.post(acte(reservation, nom), donnees).status_code == 302
    reservation.refresh_from_db()
    assert reservation.etat == arrivee


def test_taken_dates_are_said_in_the_page(client, animateur):
    calendrier = CalendrierFactory()
    periode = jours(timezone.localdate() + timedelta(days=5), timezone.localdate() + timedelta(days=6))
    ReservationFactory(calendrier=calendrier, etat="confirmee", periode=periode)
    perdante = ReservationFactory(calendrier=calendrier, periode=periode)
    client.force_login(animateur)
    assert "déjà prises" in client.post(acte(perdante, "confirmer")).content.decode()


@pytest.mark.parametrize("nombre", [1, 8])
def test_the_list_costs_the_same_whatever_its_length(client, animateur, nombre, django_assert_num_queries):
    ReservationFactory.create_batch(nombre)
    client.force_login(animateur)
    url = reverse("admin:ressources_reservation_changelist")
    client.get(url)
    with django_assert_num_queries(7):
        assert client.get(url + "?q=a").status_code == 200


def test_what_waits_for_the_staff(animateur, referent, django_assert_num_queries):
    aujourdhui = timezone.localdate()
    retard = ReservationFactory(
        etat="remise", periode=jours(aujourdhui - timedelta(days=3), aujourdhui - timedelta(days=1))
    )
    ReservationFactory(etat="remise")
    ReservationFactory()
    muette = ReservationFactory()
    Reservation.objects.filter(pk=muette.pk).update(cree_le=timezone.now() - timedelta(days=6))
    animateur.has_perm("ressources.change_reservation")
    with django_assert_num_queries(1):
        lignes = des_reservations(animateur)
    assert [ligne.nombre for ligne in lignes] == [1, 1]
    assert lignes[0].depuis == retard.periode.upper
    assert des_reservations(referent) == []
