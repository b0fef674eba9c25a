"""A primary and a streaming replica of the tests' own, with the tests' schema, and connections to them."""

import shutil
import subprocess
from contextlib import contextmanager

from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper

from bench.parc import BASE, Parc
from pole_ess.embedded_db.replica import kill


class Grappe(Parc):
    """A bench's park on an empty portal; whoever kills a server starts it again."""

    reglages = "tests.echelle.reglages"

    def _charger(self) -> None:
        """The schema and the first rows of the test database."""
        source = {c: v for c, v in connection.get_connection_params().items() if c in ("host", "port", "user")}
        sauvegarde = self.dossier / "pole.dump"
        nom = connection.settings_dict["NAME"]
        self._lancer("pg_dump", *_options(**source), "-Fc", f"--file={sauvegarde}", nom)
        ici = _options(host=self.primaire.socket_dir, user=self.primaire.superuser)
        self._lancer("pg_restore", *ici, "--no-owner", f"--dbname={BASE}", str(sauvegarde))

    def _lancer(self, nom, *arguments) -> None:
        commande = [self.primaire.bin_dir / nom, *arguments]
        fait = subprocess.run(commande, capture_output=True, text=True, timeout=120, check=False)
        assert (fait.returncode, fait.stderr) == (0, "")

    def __exit__(self, *_):
        super().__exit__()
        kill(self.primaire)
        for cluster in (self.primaire, self.replique):
            shutil.rmtree(cluster.data_dir, ignore_errors=True)
            shutil.rmtree(cluster.socket_dir, ignore_errors=True)

    def vider(self) -> None:
        """The tables that tests fill and those that hang from them; a flush of all would take seconds."""
        tables = "annuaire_structure, annuaire_utilisateur, newsletter_abonne, socle_compteur, socle_courriel"
        self.demander(f"TRUNCATE {tables}, procrastinate_jobs CASCADE")

    @contextmanager
    def a_la_place_de_la_base(self):
        """Inside, `connection` is the primary's: factories and models write there, for good."""
        origine = connections["default"]
        connections["default"] = liaison(self.primaire, "default")
        try:
            yield
        finally:
            connections["default"].close()
            connections["default"] = origine


def _options(**dites) -> list[str]:
    noms = {"user": "username"}
    return [f"--{noms.get(nom, nom)}={valeur}" for nom, valeur in dites.items() if valeur]


class Liaison(DatabaseWrapper):
    """A connection of our own: pytest-django neither refuses it, nor opens a transaction on it."""

    def ensure_connection(self):
        if self.connection is None:
            with self.wrap_database_errors:
                self.connect()


def liaison(cluster, alias) -> Liaison:
    acces = {"NAME": BASE, "USER": cluster.superuser, "PASSWORD": "", "HOST": str(cluster.socket_dir), "PORT": "5432"}
    return Liaison(connections["default"].settings_dict | acces, alias)
