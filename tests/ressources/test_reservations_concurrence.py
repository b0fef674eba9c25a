"""Real threads and connections on one resource: exactly one wins, a pool is never passed, nothing deadlocks."""

import random
import uuid
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from ressources.actions import TransitionInterdite, reservations
from ressources.actions.reservations import ReservationImpossible
from ressources.agenda import jours
from ressources.agenda.mois import pic
from ressources.models import Reservation
from tests.factories import StructureFactory
from tests.factories.ressources import CalendrierFactory

pytestmark = [pytest.mark.lent, pytest.mark.django_db(transaction=True)]

FILS, TOURS = 60, 25


class Foule:
    """Threads that each keep a connection: opening sixty for each turn took longer than what they are there to do."""

    def __init__(self, nombre=FILS):
        self.fils = ThreadPoolExecutor(nombre)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        # As many as threads, at the same moment: each thread closes its own.
        self.ensemble([connections.close_all] * self.fils._max_workers)
        self.fils.shutdown()

    def ensemble(self, actes):
        """Run the callables at the same moment, each on its own connection; what went wrong but a plain « no »."""
        assert len(actes) <= self.fils._max_workers
        depart, surprises = Barrier(len(actes)), []

        def lancer(acte):
            try:
                connection.ensure_connection()
                depart.wait(60)
                acte()
            except (ReservationImpossible, TransitionInterdite):
                pass
            except Exception as erreur:
                surprises.append(erreur)

        done, en_route = wait([self.fils.submit(lancer, acte) for acte in actes], 120)
        assert not en_route
        for fil in done:
            fil.result()
        return surprises


def ensemble(actes):
    """Once, with threads of their own."""
    with Foule(len(actes)) as foule:
        return foule.ensemble(actes)


def interblocages() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def demandes(calendrier, periodes, quantites=None):
    structure = StructureFactory()
    return Reservation.objects.bulk_create(
        [
            Reservation(
                calendrier=calendrier, exclusive=calendrier.genre == "exclusif", structure=structure, periode=p,
                blocage=reservations.blocage(calendrier, p), quantite=n, cle=uuid.uuid4(),
            )
            for p, n in zip(periodes, quantites or [1] * len(periodes), strict=True)
        ]
    )  # fmt: skip


def periode(hasard, debut_max=5, duree_max=6):
    """Always over the day 6 from now: any two overlap."""
    aujourdhui = timezone.localdate()
    return jours(
        aujourdhui + timedelta(days=6 - hasard.randint(0, debut_max)),
        aujourdhui + timedelta(days=6 + hasard.randint(0, duree_max)),
    )


def test_sixty_confirmations_on_an_exclusive_resource(monkeypatch):
    monkeypatch.setattr(reservations, "ATTENTE_MAX", "30s")  # set, and never reached
    hasard, avant = random.Random(2014), interblocages()
    with Foule() as foule:  # left before the deadlocks are counted: a session tells of its own when it ends
        for _ in range(TOURS):
            calendrier = CalendrierFactory(battement_heures=hasard.choice([0, 12]))
            a_confirmer = demandes(calendrier, [periode(hasard) for _ in range(FILS)])
            actes = [lambda r=r: reservations.confirmer(r, par=None) for r in a_confirmer]
            assert foule.ensemble(actes) == []
            assert Reservation.objects.filter(calendrier=calendrier, etat="confirmee").count() == 1
    assert interblocages() == avant


def test_a_pool_of_a_hundred_is_never_passed(monkeypatch):
    monkeypatch.setattr(reservations, "ATTENTE_MAX", "30s")
    hasard, avant = random.Random(100), interblocages()
    with Foule() as foule:  # left before the deadlocks are counted: a session tells of its own when it ends
        for _ in range(3):
            calendrier = CalendrierFactory(genre="pool", capacite=100)
            periodes = [periode(hasard, 5, 8) for _ in range(FILS)]
            tenues = demandes(calendrier, periodes[:10], [hasard.randint(1, 8) for _ in range(10)])
            for reservation in tenues:
                reservations.confirmer(reservation, par=None)
            nouvelles = demandes(calendrier, periodes[10:], [hasard.randint(1, 20) for _ in range(FILS - 10)])
            actes = [lambda r=r: reservations.confirmer(r, par=None) for r in nouvelles]
            actes += [lambda r=r: reservations.annuler(r, par=None) for r in tenues[:5]]
            for reservation in tenues[5:]:
                reservations.demander_prolongation(
                    reservation, par=None, fin=reservation.periode.upper + timedelta(days=2)
                )
                actes.append(lambda r=reservation: reservations.accepter_prolongation(r, par=None))
            hasard.shuffle(actes)
            assert foule.ensemble(actes) == []
            bloquantes = [
                (r.blocage, r.quantite) for r in Reservation.objects.bloquantes().filter(calendrier=calendrier)
            ]
            tout = jours(timezone.localdate(), timezone.localdate() + timedelta(days=60))
            assert 60 < pic(tout, bloquantes) <= 100
    assert interblocages() == avant


def test_who_waits_too_long_is_asked_to_try_again(monkeypatch):
    monkeypatch.setattr(reservations, "ATTENTE_MAX", "200ms")
    calendrier = CalendrierFactory()
    (reservation,) = demandes(calendrier, [periode(random.Random(1))])
    prise, essayee = Event(), Event()

    def tenir():
        with transaction.atomic():
            reservations.verrouiller_calendrier(calendrier.pk)
            prise.set()
            essayee.wait(30)
        connections.close_all()

    fil = Thread(target=tenir)
    fil.start()
    assert prise.wait(30)
    try:
        with pytest.raises(ReservationImpossible, match="réessayez"):
            reservations.confirmer(reservation, par=None)
    finally:
        essayee.set()
        fil.join(30)
    assert reservations.confirmer(reservation, par=None).etat == "confirmee"
