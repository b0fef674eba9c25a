"""What time does to bookings: reminders sent once, late returns, requests that nobody answered."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pole_ess.socle.models import Courriel
from ressources.actions import reservations, reservations_suivi
from ressources.agenda import jours
from ressources.models import Reservation
from tests.factories.ressources import CalendrierFactory, ReservationFactory

pytestmark = pytest.mark.django_db


def reserve(etat, debut, fin, calendrier=None, **valeurs):
    aujourdhui = timezone.localdate()
    periode = jours(aujourdhui + timedelta(days=debut), aujourdhui + timedelta(days=fin))
    return ReservationFactory(etat=etat, periode=periode, calendrier=calendrier or CalendrierFactory(), **valeurs)


def partis():
    return sorted((c.destinataire, c.sujet.split(" : ")[0]) for c in Courriel.objects.filter(gabarit="reservation_rappel"))  # fmt: skip  # noqa: E501


def cotes(reservation, sujet):
    structures = (reservation.calendrier.annonce.structure, reservation.structure)
    return sorted((structure.courriel, sujet) for structure in structures)


@pytest.mark.parametrize(
    ("etat", "debut", "fin", "sujet"),
    [
        ("confirmee", 1, 2, "C'est demain"),
        ("remise", -2, 0, "Retour aujourd'hui"),
        ("remise", -3, -1, "Retour en retard"),
        ("remise", -9, -4, "Retour en retard"),
    ],
)
def test_both_sides_are_reminded_once(etat, debut, fin, sujet):
    reservation = reserve(etat, debut, fin)
    for _ in range(2):
        reservations_suivi.rappeler()
    assert partis() == cotes(reservation, sujet)


@pytest.mark.parametrize(("etat", "debut", "fin"), [("confirmee", 2, 3), ("remise", -1, 1), ("rendue", -3, -1), ("annulee", 1, 2)])  # fmt: skip  # noqa: E501
def test_nothing_is_due(etat, debut, fin):
    reserve(etat, debut, fin)
    reservations_suivi.rappeler()
    assert partis() == []


def test_the_next_borrower_knows_of_a_late_return_and_keeps_their_dates():
    calendrier = CalendrierFactory()
    retard = reserve("remise", -3, -1, calendrier)
    suivante = reserve("confirmee", 3, 4, calendrier)
    reservations_suivi.rappeler()
    assert (suivante.structure.courriel, "Un retour est en retard") in partis()
    avant = retard.blocage
    retard.refresh_from_db()
    assert retard.blocage == avant


def test_a_request_waits_two_days_then_the_lender_alone_is_reminded():
    reservation = reserve("demandee", 5, 6)
    reservations_suivi.rappeler()
    assert partis() == []
    Reservation.objects.update(cree_le=timezone.now() - timedelta(days=2, minutes=1))
    for _ in range(2):
        reservations_suivi.rappeler()
    assert partis() == [(reservation.calendrier.annonce.structure.courriel, "Une demande vous attend")]


def test_a_request_whose_start_has_passed_is_refused_with_a_mail():
    passee, future = reserve("demandee", 0, 1), reserve("demandee", 1, 1)
    assert reservations_suivi.clore_les_depassees() == 1
    passee.refresh_from_db()
    future.refresh_from_db()
    assert (passee.etat, future.etat) == ("refusee", "demandee")
    courriel = Courriel.objects.get(gabarit="reservation_refusee")
    assert courriel.destinataire == passee.structure.courriel
    assert "sans réponse" in courriel.texte


def test_who_asked_for_dates_now_taken_is_told_and_stays():
    calendrier = CalendrierFactory()
    perdante, ailleurs = reserve("demandee", 5, 6, calendrier), reserve("demandee", 8, 9, calendrier)
    reservations.confirmer(reserve("demandee", 6, 7, calendrier), par=None)
    courriel = Courriel.objects.get(gabarit="reservation_dates_prises")
    assert courriel.destinataire == perdante.structure.courriel
    assert {Reservation.objects.get(pk=r.pk).etat for r in (perdante, ailleurs)} == {"demandee"}


def test_in_a_pool_only_who_no_longer_fits_is_told():
    calendrier = CalendrierFactory(genre="pool", capacite=10)
    petite, grande = (reserve("demandee", 5, 6, calendrier, quantite=n) for n in (3, 6))
    reservations.confirmer(reserve("demandee", 5, 6, calendrier, quantite=5), par=None)
    assert Courriel.objects.get(gabarit="reservation_dates_prises").destinataire == grande.structure.courriel
    assert petite.structure.courriel != grande.structure.courriel
