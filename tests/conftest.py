"""Shared fixtures, and the traps that turn a mistake into a failure."""

import gc
import os
from dataclasses import replace

import pytest
from django.db import connection

from annuaire.models import Rythme
from annuaire.notifications import sortes
from tests.bases import RESERVE
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory
from tests.partage import *  # noqa: F403 - fixtures
from tests.survol import *  # noqa: F403 - a hook of `make test-fast`
from tests.traps import *  # noqa: F403 - fixtures, the automatic ones included
from tests.vidange import *  # noqa: F403 - a fixture of the session
from tests.vidange import vider_la_file


@pytest.fixture(scope="session")
def _reserve(django_db_modify_db_settings, django_db_blocker, tmp_path_factory):
    """Opened before the test database is made: see tests/bases.py."""
    dossier = tmp_path_factory.getbasetemp()
    RESERVE.ouvrir(dossier.parent if "PYTEST_XDIST_WORKER" in os.environ else dossier, django_db_blocker)
    return RESERVE


@pytest.fixture(scope="session")
def django_db_setup(_reserve, django_db_setup, django_db_blocker):
    """The live server's threads may still hold connections when the test database is dropped: they are closed."""
    with django_db_blocker.unblock():
        _reserve.remplir()
    yield
    with django_db_blocker.unblock():
        _reserve.fermer()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def pytest_collection_finish():
    """What lives as long as the process (classes, tests) is not looked through again at each collection of garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 10)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown():
    """From the demonstration's database back to the test's, see `Reserve.revenir`."""
    RESERVE.revenir(annulee=True)
    try:
        return (yield)
    finally:
        RESERVE.revenir(annulee=False)


@pytest.fixture(autouse=True)
def _dossiers_a_part(settings, tmp_path):
    """Files written by a test go with it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_FILE_PATH = tmp_path / "courrier"


@pytest.fixture
def structure(db):
    """A published structure."""
    return StructureFactory(etat="publiee")


@pytest.fixture
def visiteur():
    """Nobody: an anonymous client is what a visitor has."""
    return


@pytest.fixture
def etranger(db):
    """A référent of another structure: a stranger to this one."""
    return RattachementFactory(role="referent").utilisateur


@pytest.fixture
def membre(structure):
    return RattachementFactory(structure=structure, role="membre").utilisateur


@pytest.fixture
def referent(structure):
    return RattachementFactory(structure=structure, role="referent").utilisateur


@pytest.fixture
def animateur(db):
    return UtilisateurFactory(is_staff=True, groupes=["Animateurs"])


@pytest.fixture
def administrateur(db):
    return UtilisateurFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def notifie_aussitot(monkeypatch):
    """As if everybody had chosen « tout de suite » for all: for tests of the mails themselves."""
    connues = {cle: sorte for cle, sorte in sortes._SORTES.items() if sorte.lire is None}
    presses = {
        cle: replace(sorte, defaut=Rythme.IMMEDIAT, rythmes=(Rythme.IMMEDIAT, *sorte.rythmes))
        for cle, sorte in connues.items()
    }
    monkeypatch.setattr(sortes, "_SORTES", sortes._SORTES | presses)


@pytest.fixture
def ouvrier_vivant(db):
    """A worker that has just given a sign of life."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")


@pytest.fixture(autouse=True)
def _file_vide(request):
    """The flush after a test that commits leaves procrastinate's tables."""
    marqueur = request.node.get_closest_marker("django_db")
    if not (marqueur and marqueur.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    vider_la_file()
