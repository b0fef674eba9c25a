"""The life of a booking: rules checked in French, each act from each state, who is told."""

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from pole_ess.socle.models import Courriel
from ressources.actions import TransitionInterdite, reservations
from ressources.actions.reservations import ReservationImpossible
from ressources.agenda import FUSEAU, jours
from ressources.models import Fermeture, Reservation
from tests.factories import StructureFactory, UtilisateurFactory
from tests.factories.ressources import AnnonceFactory, CalendrierFactory, ReservationFactory

pytestmark = pytest.mark.django_db


def du(debut, fin=None):
    """Days from today -> the keywords of `demander`."""
    aujourdhui = timezone.localdate()
    fin = debut if fin is None else fin
    periode = jours(aujourdhui + timedelta(days=debut), aujourdhui + timedelta(days=fin))
    return {"debut": periode.lower, "fin": periode.upper}


def demander(calendrier, debut=5, fin=None, **options):
    options = {
        "structure": options.pop("structure", None) or StructureFactory(),
        "par": None,
        "cle": uuid.uuid4(),
    } | options
    return reservations.demander(calendrier, **du(debut, fin), **options)


def periode(debut, fin=None):
    jours_ = du(debut, fin)
    return reservations.plage(jours_["debut"], jours_["fin"])


def test_asking_tells_the_lender_and_holds_nothing():
    calendrier = CalendrierFactory(annonce__caution=50)
    une, deux = demander(calendrier), demander(calendrier)
    assert (une.etat, une.etat_caution, deux.etat) == ("demandee", "a_recevoir", "demandee")
    assert {c.destinataire for c in Courriel.objects.all()} == {calendrier.annonce.structure.courriel}
    assert une.structure.nom in Courriel.objects.order_by("pk").first().texte


def test_the_same_form_twice_asks_once():
    calendrier, cle, par = CalendrierFactory(), uuid.uuid4(), UtilisateurFactory()
    assert demander(calendrier, cle=cle, par=par) == demander(calendrier, cle=cle, par=par)
    assert Reservation.objects.count() == 1


@pytest.mark.parametrize(
    ("regles", "dates", "raison"),
    [
        ({}, (-1,), "date est passée"),
        ({"preavis_jours": 3}, (2,), "3 jours à l'avance"),
        ({"horizon_jours": 30}, (31,), "trop loin"),
        ({"duree_max_jours": 2}, (5, 7), "2 jours au plus"),
        ({"actif": False}, (5,), "ne se réserve pas"),
        ({"annonce__etat": "pourvue"}, (5,), "ne se réserve pas"),
    ],
)
def test_rules_are_said_in_french(regles, dates, raison):
    with pytest.raises(ReservationImpossible, match=raison):
        demander(CalendrierFactory(**regles), *dates)
    assert not Reservation.objects.exists()


def test_one_does_not_borrow_from_oneself_nor_too_many():
    calendrier = CalendrierFactory(genre="pool", capacite=3)
    with pytest.raises(ReservationImpossible, match="propre structure"):
        demander(calendrier, structure=calendrier.annonce.structure)
    with pytest.raises(ReservationImpossible, match="de 1 à 3"):
        demander(calendrier, quantite=4)


def test_last_day_and_first_day_touch_without_meeting():
    calendrier = CalendrierFactory()
    reservations.confirmer(demander(calendrier, 5, 6), par=None)
    reservations.confirmer(demander(calendrier, 7, 8), par=None)
    with pytest.raises(ReservationImpossible, match="déjà prises"):
        demander(calendrier, 6, 7)


def test_buffer_keeps_the_next_day_free():
    calendrier = CalendrierFactory(battement_heures=24)
    reservations.confirmer(demander(calendrier, 5, 5), par=None)
    with pytest.raises(ReservationImpossible, match="déjà prises"):
        demander(calendrier, 6)
    with pytest.raises(ReservationImpossible, match="déjà prises"):
        demander(calendrier, 4)
    assert demander(calendrier, 7)


def test_closures_stop_and_warnings_do_not():
    calendrier = CalendrierFactory()
    Fermeture.objects.create(calendrier=calendrier, periode=periode(5, 6), motif="Inventaire")
    Fermeture.objects.create(calendrier=calendrier, periode=periode(9, 9), genre="avis")
    with pytest.raises(ReservationImpossible, match="fermé à ces dates : Inventaire"):
        demander(calendrier, 6, 7)
    assert demander(calendrier, 9)


def test_only_one_of_two_requests_is_confirmed():
    calendrier = CalendrierFactory()
    une, deux = demander(calendrier, 5, 7), demander(calendrier, 6)
    reservations.confirmer(une, par=None)
    with pytest.raises(ReservationImpossible, match="déjà prises"):
        reservations.confirmer(deux, par=None)
    assert Reservation.objects.get(pk=deux.pk).etat == "demandee"
    reservations.annuler(une, par=None)
    assert reservations.confirmer(deux, par=None).etat == "confirmee"


def test_a_pool_says_how_many_are_left():
    calendrier = CalendrierFactory(genre="pool", capacite=100)
    reservations.confirmer(demander(calendrier, 5, 7, quantite=80), par=None)
    with pytest.raises(ReservationImpossible, match="n'en reste que 20"):
        demander(calendrier, 6, quantite=21)
    assert reservations.confirmer(demander(calendrier, 6, quantite=20), par=None).etat == "confirmee"
    assert reservations.disponible(calendrier, **du(6)) == 0
    assert reservations.disponible(calendrier, **du(8)) == 100


ACTES = {
    "confirmer": {},
    "refuser": {"motif": "Déjà promise."},
    "annuler": {},
    "remettre": {"constat": "Une rayure", "caution_recue": True},
    "rendre": {"etat": "conforme", "caution_rendue": True},
    "non_venue": {},
}


@pytest.mark.parametrize("etat", Reservation.Etat.values)
@pytest.mark.parametrize("acte", ACTES)
def test_each_act_from_each_state(etat, acte):
    debut = -1 if acte == "non_venue" else 5
    reservation = ReservationFactory(
        etat=etat, periode=periode(debut, debut + 1), caution=50, etat_caution="a_recevoir"
    )
    departs, arrivee = reservations.TRANSITIONS[acte]
    if etat in departs:
        getattr(reservations, acte)(reservation, par=None, **ACTES[acte])
        assert reservation.etat == Reservation.objects.get(pk=reservation.pk).etat == arrivee
        assert Courriel.objects.exists()
    else:
        with pytest.raises(TransitionInterdite):
            getattr(reservations, acte)(reservation, par=None, **ACTES[acte])
        assert Reservation.objects.get(pk=reservation.pk).etat == etat
        assert not Courriel.objects.exists()


def test_deposit_follows_hand_over_and_return():
    reservation = ReservationFactory(etat="confirmee", caution=50, etat_caution="a_recevoir")
    reservations.remettre(reservation, par=None, caution_recue=True)
    assert reservation.etat_caution == "recue"
    reservations.rendre(reservation, par=None, etat="abime", constat="Toile déchirée", caution_rendue=False)
    assert (reservation.etat_caution, reservation.quantite_rendue) == ("retenue", 1)


def test_partial_return_is_noted():
    calendrier = CalendrierFactory(genre="pool", capacite=10)
    reservation = ReservationFactory(calendrier=calendrier, quantite=10, etat="remise")
    with pytest.raises(ReservationImpossible, match="de 0 à 10"):
        reservations.rendre(reservation, par=None, etat="incomplet", quantite_rendue=11)
    reservations.rendre(reservation, par=None, etat="incomplet", quantite_rendue=9)
    assert reservation.quantite_rendue == 9


def test_late_return_does_not_move_the_blocked_range():
    reservation = ReservationFactory(etat="remise", periode=periode(-5, -3))
    assert reservation.est_en_retard
    avant = reservation.blocage
    reservations.rendre(reservation, par=None, etat="conforme")
    assert Reservation.objects.get(pk=reservation.pk).blocage == avant
    assert reservation.etat == "rendue"


def test_extension_goes_through_the_same_rules():
    calendrier = CalendrierFactory(duree_max_jours=6, battement_heures=2)
    une, suivante = demander(calendrier, 5, 6), demander(calendrier, 9, 10)
    for reservation in (une, suivante):
        reservations.confirmer(reservation, par=None)
    with pytest.raises(ReservationImpossible, match="déjà prises"):
        reservations.demander_prolongation(une, par=None, fin=du(9)["fin"])
    with pytest.raises(ReservationImpossible, match="déjà prises"):
        reservations.demander_prolongation(une, par=None, fin=du(8)["fin"])  # the buffer would meet the next one
    with pytest.raises(ReservationImpossible, match="après l'ancienne"):
        reservations.demander_prolongation(une, par=None, fin=du(6)["fin"])
    reservations.demander_prolongation(une, par=None, fin=du(7)["fin"])
    assert Reservation.objects.get(pk=une.pk).periode.upper == du(6)["fin"]
    reservations.accepter_prolongation(une, par=None)
    assert (une.periode.upper, une.prolongation_jusqu_au) == (du(7)["fin"], None)
    with pytest.raises(TransitionInterdite, match="Aucune"):
        reservations.accepter_prolongation(une, par=None)


def test_extension_taken_meanwhile_is_refused_at_acceptance():
    calendrier = CalendrierFactory()
    une = reservations.confirmer(demander(calendrier, 5), par=None)
    reservations.demander_prolongation(une, par=None, fin=du(6)["fin"])
    reservations.confirmer(demander(calendrier, 6), par=None)
    with pytest.raises(ReservationImpossible, match="déjà prises"):
        reservations.accepter_prolongation(une, par=None)
    reservations.refuser_prolongation(une, par=None, motif="Prise par une autre")
    assert Reservation.objects.get(pk=une.pk).prolongation_jusqu_au is None


@pytest.mark.parametrize("jour", [date(2027, 3, 28), date(2027, 10, 31)])
def test_days_of_time_change_are_booked_whole(jour, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 1, 15, 12, tzinfo=FUSEAU))
    calendrier = CalendrierFactory(annonce=AnnonceFactory(expire_le=date(2027, 12, 31)), duree_max_jours=1)
    structure = StructureFactory()
    for d in (jour - timedelta(days=1), jour, jour + timedelta(days=1)):
        journee = jours(d, d)
        reservation = reservations.demander(
            calendrier, structure=structure, par=None, debut=journee.lower, fin=journee.upper, cle=uuid.uuid4()
        )
        reservations.confirmer(reservation, par=None)
    assert Reservation.objects.filter(etat="confirmee").count() == 3
