"""The demonstration's open mailbox: everything readable there, nothing anywhere else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as reglages
from django.core.mail import EmailMessage, EmailMultiAlternatives

from pole_ess.socle import boite_demo
from pole_ess.socle.courriel import deposer, expedition


@pytest.fixture
def demo(settings, monkeypatch):
    settings.DEMO = True
    # Django would forget the resolved addresses at each change that it hears of.
    monkeypatch.setattr(reglages, "ROOT_URLCONF", "tests.socle.urls_demo")
    settings.EMAIL_BACKEND = "pole_ess.socle.boite_demo.EmailBackend"


def envoyer(a="a@example.org", sujet="Bonjour", texte="Du texte", html=""):
    message = EmailMultiAlternatives(sujet, texte, to=[a])
    if html:
        message.attach_alternative(html, "text/html")
    assert message.send() == 1
    return boite_demo.noms()[0]


@pytest.mark.parametrize("chemin", ["/demo/courrier/", "/demo/courrier/1-a/", "/demo/courrier/1-a/html/"])
def test_boite_absente_hors_de_la_demonstration(db, client, chemin):
    assert client.get(chemin).status_code == 404


def test_boite_absente_meme_si_les_routes_sont_montees(db, client, demo, settings):
    nom = envoyer()
    settings.DEMO = False
    for chemin in ("/demo/courrier/", f"/demo/courrier/{nom}/", f"/demo/courrier/{nom}/html/"):
        assert client.get(chemin).status_code == 404


@pytest.mark.lent
def test_boite_absente_des_reglages_de_production(tmp_path):
    code = (
        "import django; django.setup()\n"
        "from django.conf import settings; from django.urls import Resolver404, resolve\n"
        "assert resolve('/sante/').url_name == 'sante'\n"
        "assert 'boite_demo' not in settings.EMAIL_BACKEND\n"
        "try: resolve('/demo/courrier/')\n"
        "except Resolver404: print('absente')\n"
    )
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "pole_ess.settings.prod",
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "portail.example.org",
        "DATABASE_URL": "postgres://personne@127.0.0.1:1/rien",
        "POLE_ESS_DATA": str(tmp_path),
    }
    racine = Path(__file__).parents[2]
    fini = subprocess.run([sys.executable, "-c", code], cwd=racine, env=env, capture_output=True, text=True, timeout=60)
    assert (fini.stdout, fini.returncode) == ("absente\n", 0), fini.stderr


def test_message_de_l_outil_lisible_de_bout_en_bout(db, client, demo):
    courriel = deposer("epreuve", a="a@example.org", contexte={"nom": "L'Été & Cie"})
    assert expedition.expedier(courriel.pk) == "parti"
    liste = client.get("/demo/courrier/")
    (lettre,) = liste.context["lettres"]
    assert (lettre.sujet, lettre.a) == ("Des nouvelles de « L'Été & Cie »", "a@example.org")
    page = client.get(f"/demo/courrier/{lettre.nom}/").content.decode()
    lien = "http://testserver/annuaire/?q=L%27%C3%89t%C3%A9+%26+Cie&amp;tri=nom"  # urlize writes spaces as +
    assert f'<a href="{lien}" rel="nofollow">' in page
    assert "<dt>Message-ID</dt>" in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    cadre = client.get(f"/demo/courrier/{lettre.nom}/html/")
    assert cadre.content.decode().rstrip("\n") == courriel.html.rstrip("\n")


def test_cadre_a_sa_propre_politique(db, client, demo):
    nom = envoyer(html="<p style='color:red'>x</p><script>alert(1)</script>")
    cadre = client.get(f"/demo/courrier/{nom}/html/")
    politique = dict(directive.split(" ", 1) for directive in cadre["Content-Security-Policy"].split("; "))
    assert politique == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "http://testserver data:",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'",
        "sandbox": "allow-popups allow-popups-to-escape-sandbox",
    }
    assert cadre["X-Frame-Options"] == "SAMEORIGIN"
    page = client.get(f"/demo/courrier/{nom}/")
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert "alert(1)" not in page.content.decode()


def test_texte_est_echappe(db, client, demo):
    nom = envoyer(sujet="<b>gras</b>", texte="<script>alert(1)</script> javascript:alert(2)")
    page = client.get(f"/demo/courrier/{nom}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;gras&lt;/b&gt;" in page
    assert 'href="javascript' not in page
    assert "Ce message n'a que du texte" in page or "Ce message n&#x27;a que du texte" in page


def test_plus_recents_d_abord_et_recherche_par_destinataire(db, client, demo):
    for numero in range(3):
        envoyer(a=f"personne{numero}@example.org", sujet=f"n° {numero}")
    envoyer(a="Autre@Example.org", sujet="autre")
    sujets = [lettre.sujet for lettre in client.get("/demo/courrier/").context["lettres"]]
    assert sujets == ["autre", "n° 2", "n° 1", "n° 0"]
    trouves = client.get("/demo/courrier/", {"a": "PERSONNE1"}).context["lettres"]
    assert [lettre.sujet for lettre in trouves] == ["n° 1"]
    assert [lettre.sujet for lettre in client.get("/demo/courrier/", {"a": "autre@"}).context["lettres"]] == ["autre"]
    assert client.get("/demo/courrier/", {"a": "inconnu"}).context["lettres"] == []


@pytest.mark.parametrize("recherche", ["", "personne"])
@pytest.mark.parametrize(
    ("page", "numero"),
    [("", 1), ("2", 2), ("0", 2), ("-5", 2), ("99", 2), ("x", 1), ("1" + "0" * 30, 2), ("9" * 5000, 1), ("NaN", 1)],
)
def test_pages_meme_absurdes(db, client, demo, recherche, page, numero):
    for rang in range(26):
        envoyer(a=f"personne{rang}@example.org")
    reponse = client.get("/demo/courrier/", {"page": page, "a": recherche})
    assert (reponse.status_code, reponse.context["page"].number) == (200, numero)


@pytest.mark.parametrize(
    "nom",
    ["..%2F..%2Fsecret", "..", "secret", "%2e%2e", "1" * 19, "1" * 19 + "-zzzzzzzz", "1" * 19 + "-00000000%0a", "é"],
)
@pytest.mark.parametrize("suite", ["", "html/"])
def test_noms_inconnus_ou_pieges(db, client, demo, settings, nom, suite):
    settings.EMAIL_FILE_PATH.mkdir()
    (settings.EMAIL_FILE_PATH.parent / "secret.eml").write_text("Subject: secret\n\nsecret")
    (settings.EMAIL_FILE_PATH / "secret.eml").write_text("Subject: secret\n\nsecret")
    assert client.get(f"/demo/courrier/{nom}/{suite}").status_code == 404


def test_boite_vide_dit_quoi_faire(db, client, demo):
    assert "Aucun message" in client.get("/demo/courrier/").content.decode()


def test_post_refuse(db, client, demo):
    assert client.post("/demo/courrier/").status_code == 405


def test_fichier_entier_ou_absent(db, demo, settings, monkeypatch):
    """A reader never sees half a mail, and a mail that cannot be composed leaves no trace."""
    envoyer()
    (fichier,) = settings.EMAIL_FILE_PATH.iterdir()
    assert boite_demo.NOM.fullmatch(fichier.stem)
    assert fichier.suffix == ".eml"

    def panne(self, *args):
        raise OSError("disque plein")

    monkeypatch.setattr(Path, "replace", panne)
    with pytest.raises(OSError, match="disque plein"):
        EmailMessage("x", "y", to=["a@example.org"]).send()
    assert boite_demo.noms() == [fichier.stem]
