"""The project's system checks, each both ways: it says what is wrong with a hint, and nothing when all is well."""

from copy import deepcopy

import pytest
from django.core.checks import run_checks
from django.db import OperationalError, connection

from pole_ess import checks
from pole_ess.socle import sentry


@pytest.fixture(autouse=True)
def bien_regle(settings):
    """Production's settings, as a hub should have them."""
    settings.PORTAIL_URL, settings.ALLOWED_HOSTS = "https://portail.example.org", ["portail.example.org"]
    settings.PROXYS_DE_CONFIANCE, settings.OPPOSITION_SEL = 1, "un sel"


def ids(messages):
    assert all(message.hint for message in messages)
    return [message.id.removeprefix("pole_ess.") for message in messages]


@pytest.mark.parametrize(
    "reglages, attendus",
    [
        ({}, []),
        ({"PORTAIL_URL": "http://portail.example.org"}, ["W010"]),
        ({"PORTAIL_URL": "https://autre.example.org"}, ["W011"]),
        ({"ALLOWED_HOSTS": [".example.org"]}, []),
        ({"PROXYS_DE_CONFIANCE": 0}, ["I010"]),
        ({"PORTAIL_URL": "http://x.example.org", "DEMO": True}, []),
    ],
)
def test_addresses(settings, reglages, attendus):
    for nom, valeur in reglages.items():
        setattr(settings, nom, valeur)
    assert ids(checks.addresses_agree(None)) == attendus


def test_objections_key(settings):
    assert ids(checks.objections_have_their_key(None)) == []
    settings.OPPOSITION_SEL = ""
    assert ids(checks.objections_have_their_key(None)) == ["W012"]


@pytest.mark.parametrize(
    "reglages, attendus",
    [
        ({"SURVEILLANCE_ADRESSES": ["127.0.0.1", "192.0.2.0/28", "2001:db8::1"]}, []),
        ({"SURVEILLANCE_ADRESSES": ["192.0.2"]}, ["E010"]),
        ({"SURVEILLANCE_ADRESSES": ["127.0.0.1"], "PROXYS_DE_CONFIANCE": 0}, ["W013"]),
        ({"SURVEILLANCE_JETON": "court"}, ["W014"]),
        ({"SURVEILLANCE_JETON": "a" * 20}, []),
        ({"SENTRY_DSN": "https://x@sentry.example.org/1"}, []),
        ({"ADMINS": [("Équipe", "equipe@example.org")]}, ["W016"]),
    ],
)
def test_monitoring(settings, reglages, attendus):
    for nom, valeur in reglages.items():
        setattr(settings, nom, valeur)
    assert ids(checks.monitoring_is_closed(None)) == attendus


def test_error_tracker_without_its_package(settings, monkeypatch):
    settings.SENTRY_DSN = "https://x@sentry.example.org/1"
    monkeypatch.setattr(sentry, "installe", lambda: False)
    assert ids(checks.monitoring_is_closed(None)) == ["W015"]


def test_tiles(settings):
    assert ids(checks.tiles_may_be_shown(None)) == []
    settings.TUILES_URL = "https://tuiles.example.org/{z}/{x}.png"
    assert ids(checks.tiles_may_be_shown(None)) == ["W017", "W018"]
    politique = deepcopy(settings.CONTENT_SECURITY_POLICY)
    politique["DIRECTIVES"]["img-src"].append("https://tuiles.example.org")
    settings.CONTENT_SECURITY_POLICY = politique
    settings.TUILES_URL = "https://tuiles.example.org/{z}/{x}/{y}.png"
    assert ids(checks.tiles_may_be_shown(None)) == []


def test_private_folder_out_of_what_is_served(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"

    def prive(dossier):
        settings.STORAGES = settings.STORAGES | {
            "prive": {"BACKEND": "pole_ess.socle.stockage.StockagePrive", "OPTIONS": {"location": str(dossier)}}
        }
        return ids(checks.folders_are_ready(None))

    assert prive(tmp_path / "prive") == []
    for dossier in (tmp_path / "media", tmp_path / "media" / "prive", tmp_path):
        assert prive(dossier) == ["E011"]


def test_folder_that_cannot_be_written(monkeypatch):
    assert ids(checks.folders_are_ready(None)) == []
    monkeypatch.setattr("os.access", lambda chemin, mode: False)
    assert ids(checks.folders_are_ready(None)) == ["W019", "W019"]


def test_folder_of_the_measures(monkeypatch, tmp_path):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "absent"))
    assert ids(checks.folders_are_ready(None)) == ["E012"]
    (tmp_path / "absent").mkdir()
    assert ids(checks.folders_are_ready(None)) == []


@pytest.mark.django_db
def test_database_as_it_should_be(ouvrier_vivant):
    assert ids(checks.database_is_ready(None, databases=["default"])) == []
    assert ids(checks.queue_is_ready(None, databases=["default"])) == []


@pytest.mark.django_db
def test_worker_that_nobody_saw():
    assert ids(checks.queue_is_ready(None, databases=["default"])) == ["I020"]
    assert checks.queue_is_ready(None, databases=None) == []


@pytest.mark.django_db
def test_old_server_and_missing_extension(monkeypatch):
    monkeypatch.setattr("pole_ess.checks.base.VERSION_MIN", 990000)
    monkeypatch.setattr("pole_ess.checks.base.EXTENSIONS", {"unaccent", "postgis"})
    messages = checks.database_is_ready(None, databases=["default"])
    assert ids(messages) == ["E021", "E023"]
    assert "postgis" in messages[1].msg


@pytest.mark.django_db
def test_migrations_to_apply():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'newsletter'")
    (message,) = checks.database_is_ready(None, databases=["default"])
    assert (message.id, message.msg) == ("pole_ess.W020", "Migrations to apply: newsletter.")


@pytest.mark.django_db
def test_database_in_another_encoding(monkeypatch):
    class Latin:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def execute(self, sql):
            self.sql = sql

        def fetchone(self):
            return 150000, "15.0", "LATIN1"

        def fetchall(self):
            return [("unaccent",), ("pg_trgm",), ("btree_gist",)]

    vrai, curseurs = connection.cursor, iter([Latin()])
    monkeypatch.setattr(connection, "cursor", lambda: next(curseurs, None) or vrai())
    assert ids(checks.database_is_ready(None, databases=["default"])) == ["E022"]


@pytest.mark.django_db
def test_database_that_does_not_answer(monkeypatch):
    def panne():
        raise OperationalError("connection refused\nhost of the server")

    monkeypatch.setattr(connection, "cursor", panne)
    (message,) = checks.database_is_ready(None, databases=["default"])
    assert message.id == "pole_ess.E020"
    assert "host of the server" not in message.msg
    assert checks.queue_is_ready(None, databases=["default"]) == []


def test_they_are_registered_and_run_without_a_database():
    """pytest refuses any query here: `make lint` has no database."""
    found = {message.id for message in run_checks(include_deployment_checks=True)}
    assert not found & {"pole_ess.E020", "pole_ess.I020"}
    assert "pole_ess.W001" in found  # mails of the tests stay in memory


@pytest.mark.django_db
def test_they_are_registered_for_the_database():
    assert "pole_ess.I020" in {m.id for m in run_checks(include_deployment_checks=True, databases=["default"])}
