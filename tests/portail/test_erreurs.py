"""Error pages: in French, what was kept, what to do; without the database when it is the one that fails."""

import re
import sys

import psycopg
import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connection
from django.test import Client

from pole_ess.portail import erreurs
from pole_ess.socle.limites import LimiteDepassee


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def lisible(reponse):
    page = reponse.content.decode()
    assert '<html lang="fr">' in page
    assert page.count("<h1>") == 1
    assert not re.search(r"\sstyle=|<script(?![^>]*\ssrc=)|Traceback|DoesNotExist", page)
    return page


@pytest.mark.django_db
@pytest.mark.parametrize("adresse", ["/nulle-part/", "/annuaire/pas-une-structure/", "/compte/nulle-part/"])
def test_404(client, adresse):
    reponse = client.get(adresse)
    assert reponse.status_code == 404
    assert 'name="q"' in lisible(reponse)


@pytest.mark.django_db
def test_403_dit_avec_quel_compte(client, membre):
    client.force_login(membre)
    reponse = client.get("/admin/", follow=True)
    assert reponse.status_code == 403
    assert membre.email in lisible(reponse)


@pytest.mark.django_db
def test_jeton_perdu_dit_comment_retrouver_son_texte(db):
    reponse = Client(enforce_csrf_checks=True).post("/compte/login/", {"login": "a@example.org"})
    assert reponse.status_code == 403
    page = lisible(reponse)
    assert "vos réponses y sont encore" in page
    assert 'href="/compte/login/"' in page


def panne(exception):
    def vue(*args, **kwargs):
        raise exception

    return vue


@pytest.mark.django_db
def test_500_n_interroge_pas_la_base(client, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("pole_ess.portail.views.pages.render", panne(RuntimeError("secret de la maison")))
    with django_assert_num_queries(0):
        reponse = client.get("/accessibilite/")  # a page without a query of its own
    assert reponse.status_code == 500
    page = lisible(reponse)
    assert "secret de la maison" not in page
    assert "Ce n'est pas vous" in page


def erreur_de_base(classe, sqlstate):
    cause = psycopg.OperationalError("x")
    cause.sqlstate = sqlstate
    erreur = classe("x")
    erreur.__cause__ = cause
    return erreur


@pytest.mark.django_db
@pytest.mark.parametrize("sqlstate", [None, "08006", "08001", "53300", "57P01", "57P02", "57P03"])
@pytest.mark.parametrize("classe", [OperationalError, InterfaceError])
def test_base_muette_est_un_503(client, monkeypatch, classe, sqlstate):
    monkeypatch.setattr("pole_ess.portail.views.pages.render", panne(erreur_de_base(classe, sqlstate)))
    reponse = client.get("/mentions-legales/")
    assert (reponse.status_code, reponse["Retry-After"]) == (503, "30")
    assert "Tout ce qui était enregistré est intact" in lisible(reponse)


@pytest.mark.django_db
@pytest.mark.parametrize("sqlstate", ["40P01", "55P03", "57014", "53100"])
def test_verrou_ou_delai_restent_des_erreurs(client, monkeypatch, sqlstate):
    monkeypatch.setattr("pole_ess.portail.views.pages.render", panne(erreur_de_base(OperationalError, sqlstate)))
    assert client.get("/mentions-legales/").status_code == 500


def test_autre_erreur_de_base_n_est_pas_une_panne():
    assert not erreurs.base_muette(DatabaseError("x"))
    assert not erreurs.base_muette(None)


@pytest.mark.django_db
def test_panne_dans_un_middleware_est_aussi_un_503(client, monkeypatch):
    monkeypatch.setattr(
        "pole_ess.socle.middleware._malsain", panne(erreur_de_base(OperationalError, "57P03")), raising=True
    )
    assert client.get("/mentions-legales/").status_code == 503


@pytest.mark.django_db(transaction=True)
def test_base_coupee_pour_de_vrai_puis_retrouvee(client, settings):
    """The server ends our connection: one 503, then the portal answers again without a restart."""
    assert client.get("/mentions-legales/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with connection.get_new_connection(connection.get_connection_params()) as autre:
        autre.execute("SELECT pg_terminate_backend(%s)", [pid])
    reponse = client.get("/annuaire/")
    assert (reponse.status_code, reponse["Retry-After"]) == (503, "30")
    close_old_connections()  # what Django does at the start and end of each request outside tests
    assert client.get("/annuaire/").status_code == 200
    assert client.get("/mentions-legales/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_serveur_absent_donne_503_partout(client, monkeypatch):
    connection.close()
    with monkeypatch.context() as coupure:
        coupure.setattr(connection, "connect", panne(OperationalError("connection refused")))
        for adresse in ("/mentions-legales/", "/annuaire/", "/compte/login/", "/sante/pret/", "/nulle-part/"):
            assert client.get(adresse).status_code == 503, adresse
        assert client.get("/sante/").status_code == 200  # the process is alive: starting it again would mend nothing
    assert client.get("/mentions-legales/").status_code == 200


@pytest.mark.django_db
def test_429_dit_combien_attendre(rf):
    from django.contrib.auth.models import AnonymousUser

    requete = rf.get("/")
    requete.user = AnonymousUser()
    reponse = erreurs.trop_de_demandes(requete, secondes=121)
    assert (reponse.status_code, reponse["Retry-After"]) == (429, "121")
    assert "Attendez 3 minutes" in lisible(reponse)
    assert sys.exc_info() == (None, None, None)


@pytest.mark.django_db
def test_limite_que_la_vue_ne_dit_pas_donne_429(client, monkeypatch):
    monkeypatch.setattr("pole_ess.portail.views.pages.render", panne(LimiteDepassee(61)))
    reponse = client.get("/mentions-legales/")
    assert (reponse.status_code, reponse["Retry-After"]) == (429, "61")
    assert "Attendez 2 minutes" in lisible(reponse)
