"""Real threads: rules and closures against confirmations, on one calendar."""

import random
from datetime import timedelta
from threading import Event

import pytest
from django.db import transaction
from django.utils import timezone

from ressources.actions import calendriers, reservations
from ressources.actions.calendriers import ConflitsADecider
from ressources.agenda import jours, minuit
from ressources.agenda.mois import pic
from ressources.models import Fermeture, ReglagesStructure, Reservation
from tests.factories.ressources import CalendrierFactory

from .test_calendrier_reglages import regles
from .test_reservations_concurrence import demandes, ensemble, interblocages

pytestmark = [pytest.mark.lent, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    monkeypatch.setattr(reservations, "ATTENTE_MAX", "30s")


def dans(nombre):
    return timezone.localdate() + timedelta(days=nombre)


def ordonner(calendrier, changer, confirmer, premier):
    """The acts to launch together. `premier`: « changer » or « confirmer » takes the lock first and the others wait
    for it; « personne »: whoever comes.
    """
    if premier == "personne":
        return [changer, *confirmer]
    prise = Event()

    def tenir(acte):
        with transaction.atomic():
            reservations.verrouiller_calendrier(calendrier.pk)
            prise.set()
            acte()

    def suivre(acte):
        assert prise.wait(60)
        acte()

    tete, *suite = [changer, *confirmer] if premier == "changer" else [*confirmer, changer]
    return [lambda: tenir(tete), *(lambda acte=acte: suivre(acte) for acte in suite)]


PREMIERS = ["changer", "confirmer", "personne"]


@pytest.mark.parametrize("premier", PREMIERS)
def test_a_closure_and_confirmations_never_pass_each_other(premier):
    """Either the closure came first and no booking holds its days, or it was refused with the bookings to decide."""
    hasard, avant = random.Random(2014), interblocages()
    for _ in range(7):
        calendrier = CalendrierFactory(genre="pool", capacite=100)
        attente = demandes(calendrier, [jours(dans(5), dans(5 + hasard.randint(0, 2))) for _ in range(12)])
        refusee = []

        def fermer(calendrier=calendrier, refusee=refusee):
            dates = {"debut": minuit(dans(5)), "fin": minuit(dans(8))}
            try:
                calendriers.fermer(calendrier, par=None, genre="fermeture", **dates)
            except ConflitsADecider as conflits:
                refusee.extend(conflits.reservations)

        confirmer = [lambda r=r: reservations.confirmer(r, par=None) for r in attente]
        assert ensemble(ordonner(calendrier, fermer, confirmer, premier)) == []
        tenues = Reservation.objects.filter(calendrier=calendrier, etat="confirmee").count()
        issue = (Fermeture.objects.filter(calendrier=calendrier).count(), tenues, bool(refusee))
        fermee, gardees = (1, 0, False), (0, 12, True)
        assert issue in {"changer": [fermee], "confirmer": [gardees], "personne": [fermee, gardees]}[premier]
    assert interblocages() == avant


def test_a_pool_lowered_while_bookings_are_confirmed_is_never_passed():
    hasard, avant = random.Random(7), interblocages()
    for _ in range(10):
        calendrier = CalendrierFactory(genre="pool", capacite=100)
        attente = demandes(calendrier, [jours(dans(5), dans(6))] * 20, [hasard.randint(2, 9) for _ in range(20)])
        actes = [lambda r=r: reservations.confirmer(r, par=None) for r in attente]
        actes += [
            lambda n=n, c=calendrier: calendriers.regler(c.annonce, **regles(c, capacite=n)) for n in (80, 60, 40, 25)
        ]
        hasard.shuffle(actes)
        assert ensemble(actes) == []
        calendrier.refresh_from_db()
        tenues = Reservation.objects.bloquantes().filter(calendrier=calendrier)
        assert pic(jours(dans(5), dans(6)), tenues.values_list("blocage", "quantite")) <= calendrier.capacite
    assert interblocages() == avant


@pytest.mark.parametrize("premier", PREMIERS)
def test_the_kind_changed_while_bookings_are_confirmed_stays_coherent(premier):
    avant = interblocages()
    for _ in range(4):
        calendrier = CalendrierFactory(genre="pool", capacite=10)
        attente = demandes(calendrier, [jours(dans(5), dans(6))] * 6)
        confirmer = [lambda r=r: reservations.confirmer(r, par=None) for r in attente]

        def changer(calendrier=calendrier):
            calendriers.regler(calendrier.annonce, **regles(calendrier, genre="exclusif"))

        assert ensemble(ordonner(calendrier, changer, confirmer, premier)) == []
        calendrier.refresh_from_db()
        tenues = list(Reservation.objects.bloquantes().filter(calendrier=calendrier))
        exclusif = calendrier.genre == "exclusif"
        assert {r.exclusive for r in tenues} == {exclusif}
        assert len(tenues) == (1 if exclusif else 6)
        assert exclusif in {"changer": [True], "confirmer": [False], "personne": [True, False]}[premier]
    assert interblocages() == avant


def test_a_calendar_opened_twice_at_once_is_one():
    calendrier = CalendrierFactory()
    annonce, voulues = calendrier.annonce, regles(calendrier)
    calendrier.delete()
    annonce.refresh_from_db()
    assert ensemble([lambda: calendriers.regler(annonce, **dict(voulues)) for _ in range(8)]) == []
    assert type(calendrier).objects.filter(annonce=annonce).count() == 1


def test_secrets_renewed_at_once_change_once():
    calendrier = CalendrierFactory()
    ancien, structure = calendrier.jeton_agenda, calendrier.annonce.structure
    vus = []

    def renouveler():
        vus.append(calendriers.renouveler_adresse(calendrier, ancien=ancien).jeton_agenda)

    def creer():
        vus.append(calendriers.renouveler_adresse_de_structure(structure, ancien="").jeton_agenda)

    assert ensemble([renouveler] * 5 + [creer] * 5) == []
    calendrier.refresh_from_db()
    assert set(vus) == {calendrier.jeton_agenda, ReglagesStructure.objects.get().jeton_agenda}
    assert ancien not in vus
