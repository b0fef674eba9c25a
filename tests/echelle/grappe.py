"""A primary and a streaming replica of the tests' own, with the tests' schema."""

import shutil
import subprocess
from pathlib import Path

import psycopg
from django.db import connection

from pole_ess.embedded_db import Cluster
from pole_ess.embedded_db.replica import Replica, kill

BASE = "pole_ess"


class Grappe:
    def __init__(self, dossier: Path):
        self.primaire = Cluster(dossier / "primaire")
        self.replique = Replica(dossier / "replique", self.primaire)

    def demarrer(self) -> None:
        """The primary takes the schema and the first rows of the test database, then is copied."""
        self.primaire.ensure_running()
        self.primaire.ensure_database(BASE)
        source = {c: v for c, v in connection.get_connection_params().items() if c in ("host", "port", "user")}
        sauvegarde = self.primaire.home / "pole.dump"
        self._lancer("pg_dump", *options(**source), "-Fc", f"--file={sauvegarde}", connection.settings_dict["NAME"])
        self._lancer("pg_restore", *self.acces(self.primaire), "--no-owner", f"--dbname={BASE}", str(sauvegarde))
        self.replique.ensure_running()

    def acces(self, cluster) -> list[str]:
        return options(host=cluster.socket_dir, user=cluster.superuser)

    def _lancer(self, nom, *arguments) -> None:
        fait = subprocess.run([self.primaire.bin_dir / nom, *arguments], capture_output=True, text=True, timeout=120)
        assert (fait.returncode, fait.stderr) == (0, "")

    def url(self, cluster) -> str:
        return f"postgres://{cluster.superuser}@/{BASE}?host={cluster.socket_dir}"

    def demander(self, cluster, requete, *valeurs):
        with psycopg.connect(
            host=str(cluster.socket_dir), user=cluster.superuser, dbname=BASE, autocommit=True
        ) as liaison:
            curseur = liaison.execute(requete, valeurs)
            return curseur.fetchall() if curseur.description else None

    def tuer(self, cluster, *signe) -> None:
        kill(cluster, *signe)

    def finir(self) -> None:
        for cluster in (self.replique, self.primaire):
            kill(cluster)
            shutil.rmtree(cluster.data_dir, ignore_errors=True)
            shutil.rmtree(cluster.socket_dir, ignore_errors=True)


def options(**dites) -> list[str]:
    noms = {"user": "username"}
    return [f"--{noms.get(nom, nom)}={valeur}" for nom, valeur in dites.items() if valeur]
