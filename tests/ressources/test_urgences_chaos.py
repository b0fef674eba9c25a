"""Workers killed within a wave and between waves: no wave is lost, none leaves twice, nobody is called twice."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from pole_ess.socle.file_attente import programmer
from pole_ess.socle.models import Courriel
from ressources.actions import urgences
from ressources.models import Appel, Urgence
from tests.factories import CommuneFactory
from tests.factories.urgences import BenevoleFactory, UrgenceFactory

pytestmark = [pytest.mark.lent, pytest.mark.django_db(transaction=True)]

RACINE = Path(__file__).parents[2]
URGENCES, BENEVOLES, MORTS = 40, 8, 12


class Ouvriers:
    """Supervised workers; `tuer` ends the life of one."""

    def __init__(self):
        self.processus = []

    def demarrer(self, nombre):
        for _ in range(nombre):
            ouvrier = subprocess.Popen(
                [sys.executable, Path(__file__).with_name("ouvrier.py")],
                cwd=RACINE,
                env={**os.environ, "PYTHONPATH": str(RACINE), "BASE": connection.settings_dict["NAME"]},
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            ouvrier.vies, ouvrier.tuees = [], 0
            threading.Thread(target=self._ecouter, args=[ouvrier], daemon=True).start()
            self.processus.append(ouvrier)

    @staticmethod
    def _ecouter(ouvrier):
        with suppress(ValueError):
            for ligne in ouvrier.stdout:
                ouvrier.vies.append(int(ligne))

    def tuer(self, rang=0) -> bool:
        """SIGKILL; False when the next life has not begun."""
        ouvrier = self.processus[rang]
        if len(ouvrier.vies) == ouvrier.tuees:
            return False
        ouvrier.tuees = len(ouvrier.vies)
        os.kill(ouvrier.vies[-1], signal.SIGKILL)
        return True

    def fermer(self):
        for processus in self.processus:
            with suppress(ProcessLookupError):
                os.killpg(processus.pid, signal.SIGKILL)
            processus.wait()
            processus.stdout.close()


@pytest.fixture
def ouvriers():
    ouvriers = Ouvriers()
    yield ouvriers
    ouvriers.fermer()


def attendre(condition, secondes=150):
    fin = time.monotonic() + secondes
    while not condition():
        assert time.monotonic() < fin, "the condition did not come true in time"
        time.sleep(0.05)


def benevoles(nombre, **reste):
    return BenevoleFactory.create_batch(nombre, par_semaine=20, **reste)


def urgence_et_sa_premiere_vague():
    """Its job is queued, as opening does."""
    urgence = UrgenceFactory()
    programmer(urgences.TACHE, urgence_id=urgence.pk)
    return urgence


def verifier(attendus):
    """Each wave's calls, once each, each with its one mail."""
    paires = list(Appel.objects.values_list("urgence", "utilisateur"))
    assert len(paires) == len(set(paires)) == attendus
    assert set(Appel.objects.values_list("envois", flat=True)) == {1}
    mails = list(Courriel.objects.filter(gabarit="urgence_appel").values_list("objet_id", flat=True))
    assert len(mails) == len(set(mails)) == attendus
    assert {int(cle) for cle in mails} == set(Appel.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("nombre", [1, 2])
def test_killed_at_random_no_wave_is_lost_nor_doubled(ouvriers, nombre):
    """Forty urgencies, two waves each (the second one is asked for as soon as the first has left), twelve kills."""
    proches, lointains = benevoles(BENEVOLES), benevoles(2, commune=CommuneFactory(latitude=46.4), rayon=90)
    toutes = [urgence_et_sa_premiere_vague() for _ in range(URGENCES)]
    Urgence.objects.update(delai=5)
    ouvriers.demarrer(nombre)
    hasard, morts = random.Random(2014), 0
    attendre(lambda: Appel.objects.exists())
    while Urgence.objects.filter(vague__lt=3).exists():
        for urgence in Urgence.objects.filter(vague__in=[1, 2], prochaine_vague_le__gt=timezone.now())[:5]:
            urgences.elargir(urgence, vague=urgence.vague)
        if morts < MORTS:
            time.sleep(hasard.random() / 4)
            morts += ouvriers.tuer(hasard.randrange(nombre))
        else:
            time.sleep(0.1)
    assert morts >= MORTS // 2
    assert Urgence.objects.exclude(etat="ouverte", vague=3, prochaine_vague_le=None).count() == 0
    # A person is called 20 times a week at most: the 40 urgencies share what each of the ten accepts.
    verifier(20 * (len(proches) + len(lointains)))
    equipe = list(Courriel.objects.filter(gabarit="urgence_equipe").values_list("objet_id", flat=True))
    assert sorted(map(int, equipe)) == sorted(u.pk for u in toutes)


def test_killed_within_a_wave_leaves_nothing_of_it_and_the_restart_does_it_once(ouvriers):
    """The third mail of the wave waits for a lock that the test holds: the worker dies in mid-transaction."""
    personnes = benevoles(4)
    urgence = urgence_et_sa_premiere_vague()
    troisieme = sorted(personnes, key=lambda p: p.utilisateur_id)[2].utilisateur
    with transaction.atomic():
        cle = f"urgence-appel-{urgence.pk}-{troisieme.pk}-1"
        barrage = Courriel.objects.create(
            gabarit="urgence_appel", destinataire="barrage@example.org", sujet="x", texte="x", message_id="<barrage@x>",
            cle_unicite=cle,
        )  # fmt: skip
        ouvriers.demarrer(1)
        attendre(_attend_une_transaction)
        assert ouvriers.tuer()
        attendre(lambda: len(ouvriers.processus[0].vies) == 2)
        assert not Appel.objects.exists()
        barrage.delete()
    # The dead worker's session ends with what it had written (two calls, two mails): the next one does it all.
    attendre(lambda: Urgence.objects.get(pk=urgence.pk).vague == 1)
    verifier(4)


def _attend_une_transaction() -> bool:
    """Whether a session of this database waits for another one's row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # it is kept for a whole transaction otherwise
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'transactionid'"
        )
        return cursor.fetchone()[0] > 0


def test_waves_due_while_no_worker_lived_leave_when_one_does(ouvriers):
    """Nothing was queued at all: the minute's own job finds what is due."""
    benevoles(3)
    urgence = UrgenceFactory()
    ouvriers.demarrer(1)
    attendre(lambda: Urgence.objects.get(pk=urgence.pk).vague == 1, 90)
    verifier(3)
