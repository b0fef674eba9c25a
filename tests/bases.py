"""Databases made from one another: a template per run, the demonstration loaded once in it, a clone for who needs one.

PostgreSQL copies a database's files in about a second: migrating takes half a minute, loading the demonstration ten
seconds. The processes of a run share a folder (`Reserve.dossier`), where a file's lock makes each thing be done once.
"""

import fcntl
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import override_settings

from annuaire.models import Structure, Utilisateur


class Reserve:
    """What the processes of a run share; `ouvrir` is called once in each, before its test database is made."""

    def __init__(self):
        self.dossier = self._bloqueur = self._verrou = self._bail = None
        self._radical = ""  # the name of the test databases, without the process's suffix
        self._a_soi = set()  # databases that this process keeps
        self._detour = None

    # -- the template

    def ouvrir(self, dossier: Path, bloqueur) -> None:
        """The first process keeps the others waiting until `remplir`; theirs is then a clone of the template."""
        self.dossier, self._bloqueur = dossier, bloqueur
        self._bail = (dossier / "bases.bail").open("w")
        fcntl.flock(self._bail, fcntl.LOCK_SH)
        self._verrou = (dossier / "bases.verrou").open("w")
        fcntl.flock(self._verrou, fcntl.LOCK_EX)
        if (dossier / "gabarit").exists():
            settings.DATABASES["default"]["TEST"]["TEMPLATE"] = (dossier / "gabarit").read_text()

    def remplir(self) -> None:
        """The first process makes the template, of the database that it has just migrated."""
        nom = connection.settings_dict["NAME"]
        self._radical = nom.removesuffix(f"_{_processus()}")
        if not (self.dossier / "gabarit").exists():
            connections.close_all()
            cloner(nom, f"{self._radical}_gabarit")
            (self.dossier / "gabarit").write_text(f"{self._radical}_gabarit")
        self._verrou.close()

    def fermer(self) -> None:
        """The databases of this process are dropped; the last process drops the shared ones."""
        siennes = set(self._a_soi)
        with suppress(OSError):
            fcntl.flock(self._bail, fcntl.LOCK_EX | fcntl.LOCK_NB)
            siennes |= {f"{self._radical}_{nom}" for nom in ("gabarit", "demonstration")}
        for nom in siennes:
            supprimer(nom)
        self._bail.close()

    def cloner_le_gabarit(self, nom: str) -> None:
        """A database as migrations leave it, without a row of the tests'."""
        cloner((self.dossier / "gabarit").read_text(), nom)

    # -- the demonstration

    def demonstration(self) -> None:
        """Until the end of the test `connection` leads to a clone of the loaded demonstration, files included.

        In a test that commits, and for the live server: a clone of its own. In a test whose writings are undone: the
        process's, in a transaction that is undone too.
        """
        assert self._detour is None, "the demonstration is there already"
        assert not Structure.objects.exists(), "what was written would be out of reach"
        assert not Utilisateur.objects.exists(), "what was written would be out of reach"
        modele = self._demonstration_chargee()
        propre = f"{self._radical}_demonstration_{_processus()}"
        annulee = connection.in_atomic_block
        if not annulee:
            propre += "_vive"
            cloner(modele, propre)
        elif propre not in self._a_soi:
            cloner(modele, propre)
            self._a_soi.add(propre)
        detour = (_dans_une_transaction if annulee else _pour_de_bon)(propre)
        detour.__enter__()
        self._detour = detour, annulee
        shutil.copytree(self.dossier / "fichiers", Path(settings.MEDIA_ROOT).parent, dirs_exist_ok=True)

    @property
    def jetee(self) -> bool:
        """`connection` leads to a database that is dropped at the end of the test."""
        return self._detour is not None and not self._detour[1]

    def revenir(self, *, annulee: bool) -> None:
        """Back to the test database, if the detour is of that kind: a transaction is left before the test's own, but
        a database that the live server reads only after the browser has gone."""
        if self._detour is not None and self._detour[1] == annulee:
            (detour, _), self._detour = self._detour, None
            with self._bloqueur.unblock():
                detour.__exit__(None, None, None)

    def _demonstration_chargee(self) -> str:
        """The database that holds it; loaded by the first process that asks."""
        with (self.dossier / "demonstration.verrou").open("w") as verrou:
            fcntl.flock(verrou, fcntl.LOCK_EX)
            nom = f"{self._radical}_demonstration"
            if not (self.dossier / "demonstration").exists():
                self.cloner_le_gabarit(nom)
                # It refuses to load elsewhere than in a demonstration. Private files go beside MEDIA_ROOT.
                with _ailleurs(nom), override_settings(DEMO=True, MEDIA_ROOT=self.dossier / "fichiers" / "media"):
                    call_command("charger_demonstration", verbosity=0)
                (self.dossier / "demonstration").touch()
            return nom


RESERVE = Reserve()


def cloner(de: str, vers: str) -> None:
    """Nobody may be connected to `de`."""
    supprimer(vers)
    with connection._nodb_cursor() as curseur:
        curseur.execute(f'CREATE DATABASE "{vers}" TEMPLATE "{de}"')


def supprimer(nom: str) -> None:
    with connection._nodb_cursor() as curseur:
        curseur.execute(f'DROP DATABASE IF EXISTS "{nom}" WITH (FORCE)')


def _processus() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "seul")


@contextmanager
def _ailleurs(nom):
    """Inside, this thread's `connection` is another one, to that database."""
    origine = connections["default"]
    autre = origine.copy()
    autre.settings_dict["NAME"] = nom
    autre.execute_wrappers = origine.execute_wrappers  # the traps of tests/traps.py
    connections["default"] = autre
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        autre.close()
        connections["default"] = origine
        ContentType.objects.clear_cache()


@contextmanager
def transaction_annulee():
    """A transaction that is undone, and that counts as a test's own for `durable` blocks and the like."""
    bloc = transaction.atomic()
    bloc._from_testcase = True  # as django.test.TestCase does
    with bloc:
        yield
        transaction.set_rollback(True)


@contextmanager
def _dans_une_transaction(nom):
    with _ailleurs(nom), transaction_annulee():
        yield


@contextmanager
def _pour_de_bon(nom):
    """Every thread's next connection leads there."""
    reglages = connections.settings["default"]
    origine = reglages["NAME"]
    connections.close_all()
    reglages["NAME"] = nom
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        connections.close_all()
        reglages["NAME"] = origine
        ContentType.objects.clear_cache()
        supprimer(nom)
