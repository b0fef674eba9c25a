"""Shared fixtures, and the traps that turn a mistake into a failure."""

import pytest

from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory


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
