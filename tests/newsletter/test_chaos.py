"""Workers killed at random in the middle of a sending, a mail server in its own process, a database restarted.

After K kills: nobody has the letter twice, at most K have not had it, and each of those is listed uncertain.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from newsletter.actions import envois, preparation
from newsletter.models import Abonne, Envoi
from pole_ess.embedded_db import Cluster
from pole_ess.socle.sauvegarde import outils
from tests.factories.newsletter import MentionFactory, tout

pytestmark = [pytest.mark.lent, pytest.mark.django_db(transaction=True)]

RACINE = Path(__file__).parents[2]
SONDAGE_DEPLOYE = 1
DESTINATAIRES = 3000
MORTS = 30


class Banc:
    """The mail server, the workers, and what was received."""

    def __init__(self, dossier: Path):
        self.journal = dossier / "recus.jsonl"
        self.journal.touch()
        self.hasard = random.Random(2014)
        self.processus, self.pids = [], []

    def puits(self, humeur="docile"):
        puits = self._demarrer("puits.py", str(self.journal), humeur)
        self.port = int(puits.stdout.readline())

    def ouvriers(self, nombre, sondage=0.2, **env):
        env = {"BASE": connection.settings_dict["NAME"], "PORT_SMTP": str(self.port), "SONDAGE": str(sondage), **env}
        for _ in range(nombre):
            ouvrier = self._demarrer("ouvrier.py", **env)
            os.set_blocking(ouvrier.stdout.fileno(), False)
            self.pids.append(ouvrier)

    def _demarrer(self, nom, *arguments, **env):
        processus = subprocess.Popen(
            [sys.executable, Path(__file__).parent / nom, *arguments],
            cwd=RACINE,
            env={**os.environ, "PYTHONPATH": str(RACINE), **env},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.processus.append(processus)
        return processus

    def tuer(self, rang: int) -> bool:
        """SIGKILL the life that worker `rang` is living; False when it has not begun one yet."""
        ouvrier = self.pids[rang]
        with suppress(TypeError, ValueError):
            lignes = ouvrier.stdout.read().split()
            if lignes:
                ouvrier.vie = int(lignes[-1])
        if getattr(ouvrier, "vie", None) is None:
            return False
        os.kill(ouvrier.vie, signal.SIGKILL)
        ouvrier.vie = None
        return True

    def recus(self) -> Counter:
        lignes = self.journal.read_text().rpartition("\n")[0].splitlines()  # the last one may be half read
        return Counter(json.loads(ligne)["a"] for ligne in lignes)

    def fermer(self):
        for processus in self.processus:
            with suppress(ProcessLookupError):
                os.killpg(processus.pid, signal.SIGKILL)
            processus.wait()
            processus.stdout.close()


@pytest.fixture
def banc(tmp_path):
    banc = Banc(tmp_path)
    yield banc
    banc.fermer()


@pytest.fixture
def lance(numero):
    """The issue, started, for 3,000 subscribers."""
    interets, mention, maintenant = tout(), MentionFactory(), timezone.now()
    Abonne.objects.bulk_create(
        Abonne(
            courriel=f"abonne{rang}@example.org", etat="confirme", interets=interets, mention=mention,
            consenti_le=maintenant, confirme_le=maintenant, dernier_signe_le=maintenant,
        )
        for rang in range(DESTINATAIRES)
    )  # fmt: skip
    assert preparation.lancer(numero)
    return numero


def attendre(condition, secondes=240):
    fin = time.monotonic() + secondes
    while not condition():
        assert time.monotonic() < fin, "the condition did not come true in time"
        time.sleep(0.1)


def plus_rien_en_route(numero):
    """No row waits, flies, or is held by somebody dead or alive."""
    restants = numero.envois.filter(etat__in=["pret", "en_vol"]) | numero.envois.exclude(ouvrier=None)
    return not restants.exists()


def tuer_au_hasard(banc, numero, ouvriers):
    """MORTS kills, each after a few more messages; how many were done before the sending was over."""
    morts = 0
    while morts < MORTS and not plus_rien_en_route(numero):
        but = min(sum(banc.recus().values()) + banc.hasard.randrange(1, 70), DESTINATAIRES - 1)
        fin = time.monotonic() + 20
        while sum(banc.recus().values()) < but and time.monotonic() < fin:
            time.sleep(banc.hasard.random() / 50)
        morts += banc.tuer(banc.hasard.randrange(ouvriers))
    return morts


def adresses(envois_):
    return set(envois_.values_list("abonne__courriel", flat=True))


@pytest.mark.parametrize("ouvriers", [1, 2])
def test_killed_workers_lose_nobody_and_double_nobody(banc, lance, animateur, ouvriers):
    banc.puits()
    banc.ouvriers(ouvriers, SUITE="0.2")
    morts = tuer_au_hasard(banc, lance, ouvriers)
    assert morts == MORTS
    attendre(lambda: plus_rien_en_route(lance))

    recus, tous = banc.recus(), adresses(lance.envois)
    assert len(tous) == DESTINATAIRES
    assert max(recus.values()) == 1
    manquants, incertains = tous - recus.keys(), adresses(lance.envois.a_decider())
    assert len(manquants) <= morts
    assert manquants <= incertains
    assert len(incertains) <= morts
    assert set(lance.envois.values_list("etat", flat=True)) <= {"parti", "incertain"}
    lance.refresh_from_db()
    assert lance.etat == ("en_cours" if incertains else "termine")

    envois.renvoyer_incertains(lance, par=animateur)
    attendre(lambda: plus_rien_en_route(lance))
    attendre(lambda: type(lance).objects.get(pk=lance.pk).etat == "termine", 60)
    recus = banc.recus()
    assert recus.keys() == tous
    assert sum(recus.values()) - DESTINATAIRES <= morts
    assert lance.envois.bilan() == {"parti": DESTINATAIRES}


def test_death_of_the_only_worker_is_seen_within_three_seconds(banc, lance):
    """With the polling interval of the demonstration and of deploy/; its supervisor has started another one."""
    banc.puits()
    banc.ouvriers(1, sondage=SONDAGE_DEPLOYE)
    for but in (50, 400, 750):
        attendre(lambda but=but: sum(banc.recus().values()) >= but)
        cles = set(lance.envois.exclude(ouvrier=None).values_list("ouvrier", flat=True))
        assert banc.tuer(0)
        debut = time.monotonic()
        attendre(lambda cles=cles: not lance.envois.filter(ouvrier__in=cles).exists(), 20)
        assert time.monotonic() - debut <= 3


def test_moody_server_and_killed_workers(banc, lance):
    """Refusals, cuts in mid-message, silences: each is listed for what it is, and nobody has two."""
    banc.puits("capricieux")
    banc.ouvriers(2, SUITE="0.2", ATTENTE_FINALE="0.6")
    tuer_au_hasard(banc, lance, 2)
    attendre(lambda: plus_rien_en_route(lance))
    recus, tous = banc.recus(), adresses(lance.envois)
    assert max(recus.values()) == 1
    etats = {etat: adresses(lance.envois.filter(etat=etat)) for etat in Envoi.Etat.values}
    assert tous - recus.keys() <= etats["incertain"] | etats["differe"] | etats["rejete"]
    assert etats["parti"] <= recus.keys()
    assert not (etats["differe"] | etats["rejete"]) & recus.keys()
    assert all(etats[etat] for etat in ("parti", "incertain", "differe", "rejete"))
    assert sum(map(len, etats.values())) == DESTINATAIRES


def _copier_la_base(cluster, nom, fichier):
    subprocess.run([outils.programme("pg_dump"), "-Fc", f"--file={fichier}"], env=outils.environnement(), check=True)
    cluster.ensure_running()
    cluster.ensure_database(nom)
    la_bas = [f"--host={cluster.socket_dir}", f"--username={cluster.superuser}", f"--dbname={nom}"]
    subprocess.run([cluster.bin_dir / "pg_restore", "--no-owner", "--exit-on-error", *la_bas, fichier], check=True)


def test_restarted_database(tmp_path, monkeypatch):
    """`redemarrage.py`, with a cluster of its own: the one that is stopped must be nobody else's.

    The test database is put there as a dump of this one's, much faster than migrating it.
    """
    donnees = tmp_path / "var"
    donnees.mkdir()
    (donnees / "assets").symlink_to(settings.ASSETS_DIR)
    cluster = Cluster(donnees / "tests")
    ecartes = ("DATABASE_URL", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER")
    options = ["-q", "-p", "no:cacheprovider", "--reuse-db"]
    monkeypatch.setenv("POLE_ESS_PG_SHARED_BUFFERS", "64MB")
    try:
        _copier_la_base(cluster, "test_pole_ess", tmp_path / "base.dump")
        seul = subprocess.run(
            [sys.executable, "-m", "pytest", *options, "tests/newsletter/redemarrage.py"],
            cwd=RACINE,
            env={nom: valeur for nom, valeur in os.environ.items() if nom not in ecartes}
            | {"POLE_ESS_DATA": str(donnees)},
            capture_output=True,
            text=True,
            timeout=900,  # a bound against a hang, not a measure
        )
    finally:
        cluster._pg_ctl("stop", "-m", "immediate", check=False)
        cluster._lease = None  # stopped: nothing is left to stop when the tests end
        shutil.rmtree(cluster.data_dir, ignore_errors=True)
        shutil.rmtree(cluster.socket_dir, ignore_errors=True)
    assert seul.returncode == 0, seul.stdout + seul.stderr
    assert "1 passed" in seul.stdout
