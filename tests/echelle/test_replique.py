"""Reads on a real streaming replica: whose, how late at most, and nothing lost when it is late, cut or killed."""

import time
import uuid
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import get_resolver, reverse

from annuaire.models import Structure
from pole_ess.embedded_db.replica import kill
from pole_ess.portail.lecture import DERNIERE_ECRITURE, PAGES
from pole_ess.socle import aiguillage
from pole_ess.socle.models import Compteur
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory

from .grappe import liaison

pytestmark = [pytest.mark.lent, pytest.mark.django_db]
LISTE = "/annuaire/"


@pytest.fixture
def deux_bases(grappe, db, settings, monkeypatch):
    """`connection` is the primary's, `connections["replique"]` the replica's, as a web process with both has them.

    Nothing is rolled back: the tables are emptied.
    """
    with grappe.a_la_place_de_la_base():
        replique = liaison(grappe.replique, "replique")
        connections.settings["replique"], connections["replique"] = replique.settings_dict, replique
        settings.DATABASE_ROUTERS = ["pole_ess.socle.aiguillage.Aiguilleur"]
        monkeypatch.setattr(aiguillage, "replique", aiguillage.Replique())
        monkeypatch.setattr(aiguillage, "PERIODE", 0.0)  # each request looks: a test does not wait
        monkeypatch.setattr(aiguillage, "PANNE", 0.3)
        yield grappe
        replique.close()
        del connections["replique"], connections.settings["replique"]
    grappe.vider()


@pytest.fixture
def structure(deux_bases):
    return StructureFactory(etat="publiee", nom="Les Amis de la Sauge")


@contextmanager
def bases_lues():
    """Which databases the pages inside read their tables from; looks at the replica do not count."""
    lues = set()

    def noter(executer, sql, parametres, plusieurs, contexte):
        resultat = executer(sql, parametres, plusieurs, contexte)
        if "annuaire_" in sql and "annuaire_utilisateur" not in sql:
            lues.add("replique" if contexte["connection"].alias == "replique" else "primaire")
        return resultat

    with connection.execute_wrapper(noter), connections["replique"].execute_wrapper(noter):
        yield lues


def jouer():
    """The replica has all that the primary wrote, and this process knows it."""
    position, fin = aiguillage.position(), time.monotonic() + 20
    while not aiguillage.replique.peut_servir(position):
        assert time.monotonic() < fin, "The replica does not follow."
        time.sleep(0.02)


@contextmanager
def en_retard(grappe):
    """The replica, known to be up to date until now, receives and replays nothing more."""
    jouer()
    grappe.demander("SELECT pg_wal_replay_pause()", cluster=grappe.replique)
    try:
        yield
    finally:
        grappe.demander("SELECT pg_wal_replay_resume()", cluster=grappe.replique)


def renommer(structure, nom):
    Structure.objects.filter(pk=structure.pk).update(nom=nom)


def test_a_visitor_reads_the_replica_and_a_stranger_page_reads_the_primary(deux_bases, structure):
    jouer()
    client = Client()
    with bases_lues() as lues:
        assert "Les Amis de la Sauge" in client.get(LISTE).text
        assert "Les Amis de la Sauge" in client.get(structure.get_absolute_url()).text
        assert client.head(LISTE).status_code == 200
    assert lues == {"replique"}
    with bases_lues() as lues:
        assert client.get(reverse("annuaire:signaler", args=[structure.slug])).status_code == 200
    assert lues == {"primaire"}, "a form is not among the public pages"


def test_staff_always_read_the_primary(deux_bases, structure):
    client = Client()
    client.force_login(UtilisateurFactory(is_staff=True, is_superuser=True))
    jouer()
    with bases_lues() as lues:
        assert client.get(LISTE).status_code == 200
    assert lues == {"primaire"}


def test_a_member_reads_their_own_writes_whatever_the_lag(deux_bases, structure):
    membre, visiteur = Client(), Client()
    membre.force_login(RattachementFactory(structure=structure, role="referent").utilisateur)
    with en_retard(deux_bases):
        with bases_lues() as lues:
            assert membre.get(structure.get_absolute_url()).status_code == 200
        assert lues == {"replique"}, "who wrote nothing reads the replica"
        reponse = membre.post(reverse("annuaire:confirmer", args=[structure.slug]), {"cle": str(uuid.uuid4())})
        assert reponse.status_code == 302
        renommer(structure, "Les Amis du Tilleul")
        with bases_lues() as lues:
            assert "Les Amis du Tilleul" in membre.get(structure.get_absolute_url()).text
        assert lues == {"primaire"}
        assert "Les Amis de la Sauge" in visiteur.get(structure.get_absolute_url()).text
    jouer()
    with bases_lues() as lues:
        assert "Les Amis du Tilleul" in membre.get(structure.get_absolute_url()).text
    assert lues == {"replique"}, "once the replica has that act"


def test_a_visitor_who_posted_a_form_reads_the_primary_too(deux_bases, structure):
    client = Client()
    assert client.get("/lettre/abonnement/").status_code == 200
    assert set(client.cookies) == {"csrftoken"}
    with en_retard(deux_bases):
        donnees = {"courriel": "lea@example.org", "frequence": "chaque", "accord": "on", "version": "1"}
        reponse = client.post("/lettre/abonnement/", donnees | {"cle": str(uuid.uuid4())})
        assert reponse.status_code < 400
        assert set(client.cookies) == {"csrftoken", "sessionid"}
        renommer(structure, "Les Amis du Tilleul")
        assert "Les Amis du Tilleul" in client.get(LISTE).text
        assert "Les Amis de la Sauge" in Client().get(LISTE).text
    jouer()
    with bases_lues() as lues:
        client.get(LISTE)
    assert lues == {"replique"}


def test_a_machine_s_call_opens_no_session(deux_bases):
    client = Client()
    client.post("/lettre/abonnement/", {"courriel": "lea@example.org"})
    assert "sessionid" not in client.cookies


def test_logging_out_leaves_a_session_without_a_name(deux_bases, structure):
    """What is said on the next page is kept in it, and where to read until then; nothing of the account."""
    client = Client()
    client.force_login(RattachementFactory(structure=structure).utilisateur)
    client.get(LISTE)
    assert client.post("/compte/logout/").status_code == 302
    assert set(client.session.keys()) <= {DERNIERE_ECRITURE, "_messages"}


def test_too_late_a_replica_is_not_read(deux_bases, structure, settings):
    settings.REPLIQUE_RETARD_MAX = 0.5
    client = Client()
    with en_retard(deux_bases):
        assert "Les Amis de la Sauge" in client.get(LISTE).text
        renommer(structure, "Les Amis du Tilleul")
        client.get(LISTE)  # the mark that the replica must pass
        time.sleep(0.7)
        assert "Les Amis du Tilleul" in client.get(LISTE).text
        assert aiguillage.replique.retard > 0.5
    jouer()
    with bases_lues() as lues:
        client.get(LISTE)
    assert lues == {"replique"}


def test_what_the_replica_does_not_have_yet_is_not_a_404(deux_bases, structure):
    client = Client()
    with en_retard(deux_bases):
        nouvelle = StructureFactory(etat="publiee", nom="Toute neuve")
        with bases_lues() as lues:
            assert "Toute neuve" in client.get(nouvelle.get_absolute_url()).text
        assert lues == {"primaire", "replique"}
        assert client.get("/annuaire/n-existe-pas/").status_code == 404


def test_a_killed_replica_is_no_error_and_is_read_again_once_back(deux_bases, structure, caplog):
    client = Client()
    jouer()
    with bases_lues() as lues:
        client.get(LISTE)
    assert lues == {"replique"}
    kill(deux_bases.replique)
    try:
        for _ in range(3):
            with bases_lues() as lues:
                assert client.get(LISTE).status_code == 200
            assert lues == {"primaire"}
        assert caplog.text.count("réplique en panne") == 1, "and it is not asked at each page"
    finally:
        deux_bases.replique.ensure_running()
    jouer()
    with bases_lues() as lues:
        assert client.get(LISTE).status_code == 200
    assert lues == {"replique"}


def test_replica_killed_between_the_look_and_the_page(deux_bases, structure, monkeypatch):
    client = Client()
    jouer()
    monkeypatch.setattr(aiguillage, "PERIODE", 60.0)
    assert client.get(LISTE).status_code == 200
    kill(deux_bases.replique)
    try:
        with bases_lues() as lues:
            assert "Les Amis de la Sauge" in client.get(LISTE).text
        assert lues == {"primaire"}
        assert not aiguillage.replique.peut_servir()
    finally:
        deux_bases.replique.ensure_running()


def test_a_replica_that_was_promoted_is_not_read(deux_bases, structure, monkeypatch):
    monkeypatch.setattr(aiguillage, "_lire", lambda base, requete: (False, 1) if base == "replique" else (1,))
    assert not aiguillage.replique.peut_servir()


def test_visitors_still_read_when_the_primary_is_away(deux_bases, structure):
    client = Client()
    jouer()
    client.get(LISTE)
    kill(deux_bases.primaire)
    connection.close()
    try:
        assert "Les Amis de la Sauge" in client.get(LISTE).text
        reponse = Client(raise_request_exception=False).get("/lettre/abonnement/")
        assert reponse.status_code in (200, 503)
        assert Client(raise_request_exception=False).get("/sante/").status_code == 200, "alive"
        assert Client(raise_request_exception=False).get("/sante/pret/").status_code == 503, "not ready"
    finally:
        deux_bases.primaire.ensure_running()
        connection.close()


def test_transactions_locks_and_counters_stay_on_the_primary(deux_bases, structure):
    with aiguillage.sur_la_replique():
        assert Structure.objects.all().db == "replique"
        assert Structure.objects.all().select_for_update().db == "default"
        assert Compteur.objects.all().db == "default"
        jouer()
        lue = Structure.objects.get(pk=structure.pk)
        assert lue._state.db == "replique"
        lue.nom = "Les Amis du Tilleul"
        lue.save(update_fields=["nom", "modifie_le"])
        cache.set("cle", "valeur")
        assert cache.get("cle") == "valeur"
        with transaction.atomic():
            assert Structure.objects.get(pk=structure.pk).nom == "Les Amis du Tilleul"
    assert lue.contacts.all().db == "default", "once the page is made, nothing reads the replica"


def test_pages_of_the_replica_exist_and_take_no_signed_link():
    noms = set(_noms(get_resolver()))
    assert noms >= PAGES, PAGES - noms
    assert not [nom for nom in PAGES if "lien" in nom or "confirmer" in nom]


def _noms(resolver, espace=""):
    for motif in resolver.url_patterns:
        if hasattr(motif, "url_patterns"):
            yield from _noms(motif, f"{espace}{motif.namespace}:" if motif.namespace else espace)
        else:
            yield f"{espace}{motif.name}"
