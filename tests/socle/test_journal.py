"""Log lines as a collector reads them: which request, which job, how long; nobody's address, no key."""

import io
import json
import logging
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from annuaire.actions.fraicheur import lien_fraicheur
from annuaire.models import Utilisateur
from pole_ess.socle import journal as module
from pole_ess.socle.file_attente import programmer
from pole_ess.socle.journal import Contexte, FormatJson, FormatLigne
from pole_ess.socle.masques import chemin_public, masquer

RACINE = Path(__file__).parents[2]
ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def lignes():
    """`lignes()`: what production would have written so far, one dict a line."""
    flux = io.StringIO()
    poignee = logging.StreamHandler(flux)
    poignee.setFormatter(FormatJson())
    poignee.addFilter(Contexte())
    racine = logging.getLogger()
    racine.addHandler(poignee)
    yield lambda: [json.loads(ligne) for ligne in flux.getvalue().splitlines()]
    racine.removeHandler(poignee)


def d_acces(lignes):
    return [ligne for ligne in lignes() if ligne["journal"] == "pole_ess.acces"]


@pytest.mark.django_db
def test_one_line_a_request(client, lignes, membre):
    client.force_login(membre)
    reponse = client.get("/compte/?q=personne@example.org")
    (ligne,) = d_acces(lignes)
    assert (ligne["methode"], ligne["chemin"], ligne["vue"], ligne["statut"]) == ("GET", "/compte/", "mon_compte", 200)
    assert ligne["utilisateur"] == membre.pk
    assert ligne["requete"] == reponse["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", ligne["requete"])
    assert ligne["sql"] > 3
    assert 0 <= ligne["duree_ms"] < 60_000
    assert "example.org" not in json.dumps(lignes())


@pytest.mark.django_db
def test_a_line_costs_no_query(client, lignes, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/sante/").status_code == 200
    assert [ligne["vue"] for ligne in d_acces(lignes)] == []  # each few seconds, by machines: nothing to say


@pytest.mark.django_db
def test_the_id_comes_from_a_trusted_proxy_only(client, settings):
    donne = {"X-Request-ID": ID}
    assert client.get("/sante/", headers=donne)["X-Request-ID"] != ID
    settings.PROXYS_DE_CONFIANCE = 1
    assert client.get("/sante/", headers=donne)["X-Request-ID"] != ID  # straight to us, round the proxy
    par_le_proxy = {**donne, "X-Forwarded-For": "198.51.100.7"}
    assert client.get("/sante/", headers=par_le_proxy)["X-Request-ID"] == ID
    for faux in ("<script>", "a" * 500, "é", "1\r\n2"):
        recu = client.get("/sante/", headers={**par_le_proxy, "X-Request-ID": faux})["X-Request-ID"]
        assert re.fullmatch("[0-9a-f]{32}", recu)


@pytest.mark.django_db
def test_two_requests_have_two_ids(client):
    assert client.get("/sante/")["X-Request-ID"] != client.get("/sante/")["X-Request-ID"]


@pytest.mark.django_db
def test_links_that_open_something_are_not_written(client, lignes, structure):
    entier = lien_fraicheur(structure)
    jeton = entier.strip("/").rsplit("/", 1)[-1]
    for url in (entier, entier[:-6] + "/", f"/nulle-part/{jeton}/", f"/{jeton[:50]}", "/x/a@example.org/"):
        client.get(url)
    client.get("/rencontres/sondages/0e0f2a1b3c4d5e6f7a8b/")
    for ligne in d_acces(lignes):
        assert "…" in ligne["chemin"], ligne
    texte = json.dumps(lignes())
    assert jeton[:12] not in texte
    assert "0e0f2a1b3c" not in texte


@pytest.mark.django_db
def test_an_error_has_its_trace_and_the_reference_of_its_page(lignes, monkeypatch, structure):
    def panne(*args, **kwargs):
        raise RuntimeError("l'adresse de personne@example.org")

    monkeypatch.setattr("annuaire.views.fraicheur.render", panne)
    url = lien_fraicheur(structure)
    reponse = Client(raise_request_exception=False).get(url)
    assert reponse.status_code == 500
    (erreur,) = [ligne for ligne in lignes() if ligne["journal"] == "django.request"]
    assert erreur["niveau"] == "ERROR"
    assert "RuntimeError: l'adresse de [adresse]" in erreur["trace"]
    assert erreur["message"] == "Internal Server Error: /annuaire/lien/fiche/…/"
    assert f"<strong>{erreur['requete'][:8]}</strong>" in reponse.content.decode()
    assert reponse["X-Request-ID"] == erreur["requete"]


@pytest.mark.django_db
@pytest.mark.parametrize("adresse, statut", [("/nulle-part/", 404), ("/annuaire/?q=%00", 400)])
def test_error_pages_show_their_reference(adresse, statut):
    reponse = Client(raise_request_exception=False).get(adresse)
    assert reponse.status_code == statut
    assert f"<strong>{reponse['X-Request-ID'][:8]}</strong>" in reponse.content.decode()


@pytest.mark.django_db
def test_a_refused_row_is_not_quoted(lignes):
    faits = {"email": "deja@example.org", "nom": "Dominique Exemple"}  # a trace shows the line that failed
    Utilisateur.objects.create(**faits)
    try:
        with transaction.atomic():
            Utilisateur.objects.create(**faits)
    except IntegrityError:
        logging.getLogger("pole_ess.essai").exception("impossible")
    (ligne,) = lignes()
    assert "IntegrityError" in ligne["trace"]
    assert "DETAIL: …" in ligne["trace"]
    assert "deja" not in ligne["trace"] and "Dominique" not in ligne["trace"]


@pytest.mark.lent
@pytest.mark.django_db(transaction=True)
def test_lines_of_a_real_worker_carry_the_number_of_their_job(tmp_path):
    """One job that does its work, one that fails: what the worker's process wrote, as production would."""
    bon = programmer("courriel.expedier", courriel_id=7)
    mauvais = programmer("courriel.expedier", courriel_id="personne@example.org")
    environnement = {"BASE": connection.settings_dict["NAME"], "PORT_SMTP": "9", "PYTHONPATH": str(RACINE)}
    sortie = tmp_path / "journal"
    with (
        sortie.open("wb") as fichier,
        subprocess.Popen(
            [sys.executable, Path(__file__).parent / "ouvrier.py"],
            cwd=RACINE,
            stderr=fichier,
            env=os.environ | environnement | {"JOURNAL_FORMAT": "json"},
        ) as ouvrier,
    ):
        fin = time.monotonic() + 60
        while '"trace"' not in sortie.read_text() and time.monotonic() < fin:
            time.sleep(0.1)
        ouvrier.terminate()
    lignes = [json.loads(brut) for brut in sortie.read_text().splitlines() if brut.startswith("{")]
    fins = [ligne for ligne in lignes if ligne["journal"] == "pole_ess.travaux"]
    assert [(ligne["travail"], ligne["tache"], ligne["file"], ligne["issue"]) for ligne in fins] == [
        (bon, "courriel.expedier", "courriel", "fait"),
        (mauvais, "courriel.expedier", "courriel", "echec"),
    ]
    (erreur,) = [ligne for ligne in lignes if ligne["niveau"] == "ERROR"]
    assert erreur["travail"] == mauvais
    assert "ValueError" in erreur["trace"]
    assert "example.org" not in json.dumps(lignes)


def test_the_deployed_worker_has_this_middleware(settings):
    assert settings.PROCRASTINATE_WORKER_DEFAULTS["worker_middleware"] == [module.suivre_travail]


def test_what_libraries_attach_stays_out(lignes):
    logging.getLogger("pole_ess.essai").info("bonjour", extra={"request_secret": "mot de passe", "statut": 200})
    (ligne,) = lignes()
    assert set(ligne) == {"date", "niveau", "journal", "message", "statut"}


def test_line_for_eyes():
    notice = logging.LogRecord("pole_ess.essai", logging.INFO, "", 1, "à %s", ("x@example.org",), None)
    notice.requete, notice.travail = ID, None
    assert FormatLigne().format(notice).endswith("INFO pole_ess.essai requete=01234567 à [adresse]")


def test_masks_are_linear():
    """Hostile paths and traces: a second is thousands of times what they need."""
    debut = time.perf_counter()
    for texte in ("a" * 200_000, "a." * 100_000, "a:" * 100_000, "@" * 200_000, "%3A" * 60_000):
        masquer(texte)
        chemin_public(texte)
    assert time.perf_counter() - debut < 5
