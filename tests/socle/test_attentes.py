"""The order of what waits on the staff's home."""

from datetime import UTC, date, datetime

import pytest

from pole_ess.socle import attentes
from pole_ess.socle.attentes import Attente


@pytest.fixture
def seules(monkeypatch):
    """`seules(*lignes)`: what the apps register, in this order."""
    return lambda *lignes: monkeypatch.setattr(attentes, "_FONCTIONS", [lambda utilisateur: list(lignes)])


def ordre() -> str:
    return " ".join(ligne.titre for ligne in attentes.toutes(None))


def test_ce_qui_presse_puis_le_plus_ancien_d_abord(seules):
    seules(
        Attente("fiches", 3, "/", date(2012, 1, 1), peut_attendre=True),
        Attente("doublons", 2, "/"),
        Attente("recent", 1, "/", datetime(2014, 3, 26, 18, tzinfo=UTC)),
        Attente("imports", 2, "/"),
        Attente("ancien", 1, "/", date(2014, 1, 30)),
        Attente("hier", 1, "/", date(2014, 3, 25), pressant=True),
        Attente("retraits", 1, "/", datetime(2014, 2, 1, tzinfo=UTC), pressant=True),
    )
    assert ordre() == "retraits hier ancien recent doublons imports fiches"


def test_a_urgence_egale_l_ordre_des_applications(seules):
    seules(*[Attente(titre, 1, "/", date(2014, 1, 30)) for titre in ("un", "deux", "trois")])
    assert ordre() == "un deux trois"
