"""Errors told outside: nothing without a DSN; with one, through a transport of ours, nothing that names anybody."""

import json
import re

import pytest
import sentry_sdk
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from sentry_sdk.transport import Transport

from annuaire.actions.fraicheur import lien_fraicheur
from pole_ess.socle import sentry

DSN = "https://0123456789abcdef@sentry.example.org/1"
TAPE = "Les amis de Camille Exemple"  # here and not in the test: an event holds the lines of code around the error


class Boite(Transport):
    """Keeps what would have left."""

    def __init__(self):
        super().__init__()
        self.evenements = []

    def capture_envelope(self, envelope):
        self.evenements += [article.payload.json for article in envelope.items if article.type == "event"]


@pytest.fixture
def boite(settings):
    settings.SENTRY_DSN = DSN
    boite = Boite()
    assert sentry.demarrer(transport=boite)
    yield boite
    sentry_sdk.get_client().close()
    sentry_sdk.init()


def test_nothing_without_a_dsn(settings, monkeypatch):
    monkeypatch.setattr(sentry_sdk, "init", lambda **options: pytest.fail("started"))
    assert settings.SENTRY_DSN == ""
    assert not sentry.demarrer()


def test_nothing_without_the_package(settings, monkeypatch):
    settings.SENTRY_DSN = DSN
    monkeypatch.setattr(sentry, "installe", lambda: False)
    assert not sentry.demarrer()


@pytest.fixture
def wsgi(monkeypatch, rf):
    """`wsgi(requete)`: the application as a server calls it, whose environment is what the tracker reads."""
    for signal in (request_started, request_finished):
        monkeypatch.setattr(signal, "receivers", [])  # they would close the connection that the test holds
        monkeypatch.setattr(signal, "sender_receivers_cache", type(signal.sender_receivers_cache)())

    def appeler(requete):
        statuts = []
        reponse = WSGIHandler()(requete.environ, lambda statut, entetes: statuts.append(statut))
        b"".join(reponse)
        reponse.close()
        return statuts[0][:3]

    return appeler


@pytest.mark.django_db
def test_an_error_leaves_without_names_nor_tokens(boite, wsgi, rf, client, structure, membre, monkeypatch):
    def panne(*args, **kwargs):
        secret_local = "0470000000"  # noqa: F841 - what a tracker takes by default
        raise RuntimeError("refus de personne@example.org")

    monkeypatch.setattr("annuaire.views.fraicheur.render", panne)
    client.force_login(membre)
    lien = lien_fraicheur(structure)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    entetes = {"Authorization": "Bearer abc", "User-Agent": "Essai/1", "Cookie": f"sessionid={session}"}
    assert wsgi(rf.get(f"{lien}?telephone=0470111111", headers=entetes)) == "500"
    (evenement,) = boite.evenements
    assert evenement["exception"]["values"][-1]["value"] == "refus de [adresse]"
    assert evenement["request"] == {
        "method": "GET",
        "url": "/annuaire/lien/fiche/…/",
        "headers": {"User-Agent": "Essai/1"},
    }
    assert re.fullmatch("[0-9a-f]{32}", evenement["tags"]["requete"])
    assert evenement["transaction"].endswith("fraicheur")
    texte = json.dumps(evenement)
    jeton = lien.strip("/").rsplit("/", 1)[-1]
    for interdit in ("example.org", jeton[:20], "0470111111", "Bearer", session, membre.email, '"vars"'):
        assert interdit not in texte, interdit
    assert "user" not in evenement


@pytest.mark.django_db
def test_what_was_typed_stays_here(boite, wsgi, rf, monkeypatch):
    def panne(*args, **kwargs):
        raise RuntimeError("en panne")

    monkeypatch.setattr("annuaire.middleware.AnciennesAdressesMiddleware.__call__", panne)
    assert wsgi(rf.post("/annuaire/proposer/", {"nom": TAPE})) == "500"
    (evenement,) = boite.evenements
    assert evenement["request"]["url"] == "/annuaire/proposer/"
    assert TAPE not in json.dumps(evenement)
    assert "data" not in evenement["request"] and "cookies" not in evenement["request"]
