"""A hub of several processes on one machine: primary, replica, web processes, workers, on the demonstration's data.

Loopback and Unix sockets only. The data are kept under <data>/bench/echelle for the next run.
"""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import psycopg

from bench.debit import _port_libre
from pole_ess.embedded_db import Cluster
from pole_ess.embedded_db.replica import Replica, kill
from pole_ess.settings.base import BASE_DIR, DATA_DIR

DOSSIER = DATA_DIR / "bench" / "echelle"
BASE = "pole_ess"
GRANIAN = ["--interface", "wsgi", "--http", "1", "--no-ws", "--host", "127.0.0.1", "--log-level", "error"]
FILS = 8


def finir_proprement() -> None:
    """SIGTERM becomes an exception: what was started ends too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


class Processus:
    """A web process (granian's two: its master and its worker) or a worker, in a group of its own."""

    def __init__(self, nom: str, commande: list[str], environnement: dict, journal: Path, port: int | None = None):
        self.nom, self.port, self.journal = nom, port, journal
        with journal.open("ab") as sortie:
            self.processus = subprocess.Popen(
                commande, cwd=BASE_DIR, env=environnement, stdout=sortie, stderr=sortie, start_new_session=True
            )

    def tuer(self) -> None:
        """As a machine that loses its power. On return none of the group answers any more."""
        with suppress(ProcessLookupError):
            os.killpg(self.processus.pid, signal.SIGKILL)
        self.processus.wait()
        while _groupe(self.processus.pid):
            time.sleep(0.02)

    def arreter(self) -> None:
        self.processus.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.processus.wait(8)
        self.tuer()

    def memoire(self) -> float:
        """Resident megabytes of the whole group."""
        return sum(_rss(pid) for pid in _groupe(self.processus.pid)) / 1024

    def processeur(self) -> float:
        """Seconds of processor of the whole group so far."""
        tics = 0
        for pid in _groupe(self.processus.pid):
            with suppress(OSError):
                tics += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]))
        return tics / os.sysconf("SC_CLK_TCK")


def _groupe(meneur: int) -> list[int]:
    pids = []
    for dossier in Path("/proc").iterdir():
        if dossier.name.isdigit():
            with suppress(OSError):
                etat, _pere, groupe = (dossier / "stat").read_text().rsplit(")", 1)[1].split()[:3]
                if int(groupe) == meneur and etat != "Z":
                    pids.append(int(dossier.name))
    return pids


def _rss(pid: int) -> int:
    with suppress(OSError):
        for ligne in Path(f"/proc/{pid}/status").read_text().splitlines():
            if ligne.startswith("VmRSS:"):
                return int(ligne.split()[1])
    return 0


def _repond(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as liaison:
        try:
            liaison.request("GET", "/sante/")
            return liaison.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False


class Parc:
    """Use as a context manager: everything that it starts ends with it."""

    reglages = "pole_ess.settings.demo"

    def __init__(self, dossier: Path = DOSSIER, *, replique: bool = True):
        self.dossier = dossier
        self.courrier = dossier / "courrier"
        self.primaire = Cluster(dossier / "primaire")
        self.replique = Replica(dossier / "replique", self.primaire) if replique else None
        self.processus: list[Processus] = []

    def __enter__(self):
        self.dossier.mkdir(parents=True, exist_ok=True)
        self.primaire.ensure_running()
        self.primaire.ensure_database(BASE)
        self._charger()
        if self.replique:
            self.refaire_la_replique()
        return self

    def __exit__(self, *_):
        for processus in self.processus:
            processus.arreter()
        if self.replique:
            kill(self.replique)
            shutil.rmtree(self.replique.data_dir, ignore_errors=True)

    def refaire_la_replique(self) -> None:
        """A fresh copy: one of an earlier run may lack journal that the primary has thrown away since."""
        kill(self.replique)
        shutil.rmtree(self.replique.data_dir, ignore_errors=True)
        self.replique.ensure_running()

    def _charger(self) -> None:
        """The demonstration, once; static files as production collects them."""
        marque = self.dossier / "chargee"
        commandes = [["migrate", "-v0"], ["preparer_assets"], ["collectstatic", "--noinput", "-v0"]]
        if not marque.exists():
            print("Loading the demonstration (once)…", flush=True)
            commandes.append(["charger_demonstration", "-v0"])
        for commande in commandes:
            subprocess.run(
                [sys.executable, "manage.py", *commande],
                cwd=BASE_DIR, env=self.environnement(), check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        marque.touch()
        self.demander("VACUUM ANALYZE")

    # -- processes

    def environnement(self, *, replique: bool = False, **autres: str) -> dict[str, str]:
        env = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(("DATABASE_", "MEDIAS_"))}
        env |= {
            "DJANGO_SETTINGS_MODULE": self.reglages,
            "POLE_ESS_DATA": str(self.dossier),
            "PYTHONPATH": str(BASE_DIR),
            "PROXYS_DE_CONFIANCE": "1",  # the client is its own proxy: each visitor has an address
            "DATABASE_URL": self.url(self.primaire),
        }
        if replique:
            env["DATABASE_REPLICA_URL"] = self.url(self.replique)
        return env | autres

    def url(self, cluster: Cluster) -> str:
        return f"postgres://{cluster.superuser}@/{BASE}?host={cluster.socket_dir}"

    def web(self, *, replique: bool = False, fils: int = FILS, **environnement: str) -> Processus:
        port = _port_libre()
        commande = [sys.executable, "-m", "granian", *GRANIAN, "--port", str(port), "--workers", "1"]
        commande += ["--blocking-threads", str(fils), "pole_ess.wsgi:application"]
        env = self.environnement(replique=replique, HOST="127.0.0.1", PORT=str(port), **environnement)
        return self._demarrer(f"web {port}", commande, env, port)

    def attendre(self, webs: list[Processus], secondes: float = 60) -> None:
        """Until each of them answers."""
        fin = time.monotonic() + secondes
        while webs := [web for web in webs if not _repond(web.port)]:
            if time.monotonic() > fin:
                raise SystemExit(f"No answer from {[web.nom for web in webs]}; see {self.dossier / 'journal.log'}")
            time.sleep(0.2)

    def ouvrier(self) -> Processus:
        commande = [sys.executable, "manage.py", "procrastinate", "worker", "--fetch-job-polling-interval=1"]
        return self._demarrer(f"worker {len(self.processus)}", commande, self.environnement())

    def _demarrer(self, nom, commande, environnement, port=None) -> Processus:
        processus = Processus(nom, commande, environnement, self.dossier / "journal.log", port)
        self.processus.append(processus)
        return processus

    # -- what is true

    def demander(self, requete: str, *valeurs, cluster: Cluster | None = None) -> list[tuple]:
        lieu = (cluster or self.primaire).socket_dir
        with psycopg.connect(host=str(lieu), user=self.primaire.superuser, dbname=BASE, autocommit=True) as liaison:
            curseur = liaison.execute(requete, valeurs)
            return curseur.fetchall() if curseur.description else []

    def retard(self) -> int:
        """Bytes that the replica has still to replay."""
        (position,) = self.demander("SELECT pg_current_wal_insert_lsn()::text")[0]
        requete = "SELECT greatest(pg_wal_lsn_diff(%s, pg_last_wal_replay_lsn()), 0)::bigint"
        return self.demander(requete, position, cluster=self.replique)[0][0]

    def attendre_la_file(self, secondes: float) -> None:
        """Until the mails due have left, or as long as that."""
        fin = time.monotonic() + secondes
        while time.monotonic() < fin:
            if not self.demander("SELECT 1 FROM socle_courriel WHERE etat = 'pret' LIMIT 1"):
                return
            time.sleep(0.5)
