"""Two steps at login, with real codes; compulsory for the hub's staff."""

import base64
import hmac
import re
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.core.checks import run_checks
from django.urls import reverse

from annuaire.models import Utilisateur
from pole_ess.socle.models import Courriel
from tests.factories import UtilisateurFactory

MOT_DE_PASSE = "un-bon-mot-de-passe-2014"


@pytest.fixture
def obligatoire(settings):
    settings.MFA_EQUIPE_OBLIGATOIRE = True


def avec_mot_de_passe(**champs):
    utilisateur = UtilisateurFactory(**champs)
    utilisateur.set_password(MOT_DE_PASSE)
    utilisateur.save()
    return utilisateur


@pytest.fixture
def equipier(db):
    return avec_mot_de_passe(is_staff=True, is_superuser=True)


def code_totp(secret):
    """What the application of a phone shows now (RFC 6238)."""
    compteur = struct.pack(">Q", int(time.time()) // 30)
    empreinte = hmac.digest(base64.b32decode(secret), compteur, "sha1")
    debut = empreinte[-1] & 15
    return f"{(struct.unpack('>I', empreinte[debut : debut + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def connecter(client, utilisateur):
    return client.post(reverse("account_login"), {"login": utilisateur.email, "password": MOT_DE_PASSE})


def confirmer(client, reponse):
    return client.post(reponse.url, {"password": MOT_DE_PASSE})


def activer(client):
    """Set the second step up as a member does; return the secret of the application."""
    page = client.get(reverse("mfa_activate_totp"))
    if page.status_code == 302:
        confirmer(client, page)
        page = client.get(reverse("mfa_activate_totp"))
    secret = re.search(r'class="cle-totp">([A-Z2-7]+)<', page.content.decode()).group(1)
    reponse = client.post(reverse("mfa_activate_totp"), {"code": code_totp(secret)})
    assert reponse.status_code == 302, reponse.content.decode()
    return secret


def test_activer_demande_le_mot_de_passe_puis_un_vrai_code(client, equipier, django_capture_on_commit_callbacks):
    connecter(client, equipier)
    reponse = client.get(reverse("mfa_activate_totp"))
    assert reverse("account_reauthenticate") in reponse.url
    confirmer(client, reponse)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert "data:image/svg+xml;base64," in page
    reponse = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "Ce code ne va pas" in reponse.content.decode()
    assert Authenticator.objects.count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        activer(client)
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    assert "compte_double_activee" in Courriel.objects.values_list("gabarit", flat=True)


def test_connexion_demande_le_code(client, equipier):
    connecter(client, equipier)
    secret = activer(client)
    client.post(reverse("account_logout"))
    reponse = connecter(client, equipier)
    assert reponse.url == reverse("mfa_authenticate")
    assert SESSION_KEY not in client.session
    assert client.get("/admin/").status_code == 302
    page = client.get(reverse("mfa_authenticate")).content.decode()
    assert "Seconde étape" in page
    assert "Ce code ne va pas" in client.post(reponse.url, {"code": "000000"}).content.decode()
    cache.clear()  # the code of this half minute has served: as if the next one had come
    client.post(reponse.url, {"code": code_totp(secret)})
    assert client.session[SESSION_KEY] == str(equipier.pk)
    assert client.get("/admin/").status_code == 200


def test_meme_code_ne_sert_qu_une_fois(client, equipier):
    connecter(client, equipier)
    secret = activer(client)
    code = code_totp(secret)
    for attendu in (True, False):
        client.post(reverse("account_logout"))
        reponse = connecter(client, equipier)
        if attendu:
            cache.clear()
        client.post(reponse.url, {"code": code})
        assert (SESSION_KEY in client.session) is attendu


def test_connexion_par_code_recu_demande_aussi_la_seconde_etape(client, equipier):
    connecter(client, equipier)
    activer(client)
    client.post(reverse("account_logout"))
    client.post(reverse("account_request_login_code"), {"email": equipier.email})
    texte = Courriel.objects.filter(gabarit="compte_code_connexion").latest("pk").texte
    recu = re.search(r"^\s+([A-Z0-9-]{6,})$", texte, re.M).group(1)
    reponse = client.post(reverse("account_confirm_login_code"), {"code": recu})
    assert reponse.url == reverse("mfa_authenticate")
    assert SESSION_KEY not in client.session


def test_code_de_secours_sert_une_fois(client, equipier):
    connecter(client, equipier)
    activer(client)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    codes = re.findall(r"<li><code>(\w+)</code></li>", page)
    assert len(codes) == 10
    assert client.get(reverse("mfa_download_recovery_codes")).content.decode().split() == codes
    for attendu in (True, False):
        client.post(reverse("account_logout"))
        reponse = connecter(client, equipier)
        client.post(reponse.url, {"code": codes[0]})
        assert (SESSION_KEY in client.session) is attendu


def test_refaire_les_codes_de_secours(client, equipier, django_capture_on_commit_callbacks):
    connecter(client, equipier)
    activer(client)
    avant = client.get(reverse("mfa_download_recovery_codes")).content
    assert "10 codes qui vous restent" in client.get(reverse("mfa_generate_recovery_codes")).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_generate_recovery_codes"))
    assert client.get(reverse("mfa_download_recovery_codes")).content != avant
    assert "compte_codes_de_secours" in Courriel.objects.values_list("gabarit", flat=True)


def test_trop_de_codes_faux(client, equipier):
    connecter(client, equipier)
    secret = activer(client)
    client.post(reverse("account_logout"))
    url = connecter(client, equipier).url
    for _ in range(6):
        reponse = client.post(url, {"code": "000000"})
    assert "Trop d&#x27;essais" in reponse.content.decode()
    client.post(url, {"code": code_totp(secret)})
    assert SESSION_KEY not in client.session


@pytest.mark.parametrize("chemin", ["/admin/", "/", "/annuaire/", "/admin/annuaire/structure/"])
def test_equipe_sans_seconde_etape_est_menee_a_l_activer(client, equipier, obligatoire, chemin):
    connecter(client, equipier)
    reponse = client.get(chemin)
    assert (reponse.status_code, reponse.url) == (302, reverse("mfa_activate_totp"))


def test_equipe_sans_seconde_etape_ne_change_rien(client, equipier, obligatoire):
    connecter(client, equipier)
    nombre = Utilisateur.objects.count()
    reponse = client.post("/admin/annuaire/utilisateur/add/", {"email": "x@example.org"})
    assert (reponse.status_code, Utilisateur.objects.count()) == (302, nombre)


def test_equipe_avec_seconde_etape_entre(client, equipier, obligatoire):
    connecter(client, equipier)
    activer(client)
    assert client.get("/admin/").status_code == 200


def test_equipe_ne_peut_pas_desactiver_la_seconde_etape(client, equipier, obligatoire):
    connecter(client, equipier)
    activer(client)
    reponse = client.post(reverse("mfa_deactivate_totp"))
    assert "gardent la double authentification" in reponse.content.decode()
    assert Authenticator.objects.filter(type="totp").count() == 1


def test_membre_peut_desactiver_la_seconde_etape(client, db, obligatoire):
    membre = avec_mot_de_passe()
    connecter(client, membre)
    activer(client)
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert Authenticator.objects.count() == 0
    assert "compte_double_desactivee" in Courriel.objects.values_list("gabarit", flat=True)


def test_membre_et_visiteur_ne_sont_pas_menes_a_la_seconde_etape(client, db, obligatoire):
    assert client.get("/mentions-legales/").status_code == 200
    membre = avec_mot_de_passe()
    connecter(client, membre)
    assert client.get("/compte/").status_code == 200
    assert client.get(reverse("mentions_legales")).status_code == 200


def test_admin_sans_compte_mene_a_la_connexion_du_portail(client, db):
    reponse = client.get("/admin/", follow=True)
    assert reponse.redirect_chain[-1][0] == "/compte/login/?next=%2Fadmin%2F"
    assert "Se connecter" in reponse.content.decode()


def test_formulaire_de_django_ne_contourne_pas_la_seconde_etape(client, equipier):
    """A staff session posting another account's password to /admin/login/ stays itself; so does a visitor's."""
    autre = avec_mot_de_passe(is_staff=True)
    donnees = {"username": autre.email, "password": MOT_DE_PASSE, "next": "/admin/"}
    assert client.post("/admin/login/", donnees).status_code == 302
    assert SESSION_KEY not in client.session
    connecter(client, equipier)
    reponse = client.post("/admin/login/?next=https://ailleurs.example.org/", donnees)
    assert (reponse.status_code, reponse.url) == (302, "/admin/")
    assert client.session[SESSION_KEY] == str(equipier.pk)


def test_admin_refuse_un_membre(client, membre):
    client.force_login(membre)
    assert client.get("/admin/", follow=True).status_code == 403


def test_controle_de_deploiement_exige_la_seconde_etape(settings):
    settings.MFA_EQUIPE_OBLIGATOIRE = False
    assert "pole_ess.E002" in {e.id for e in run_checks(include_deployment_checks=True)}
    settings.DEMO = True
    assert "pole_ess.E002" not in {e.id for e in run_checks(include_deployment_checks=True)}
    settings.DEMO = False
    settings.MFA_EQUIPE_OBLIGATOIRE = True
    assert "pole_ess.E002" not in {e.id for e in run_checks(include_deployment_checks=True)}


def test_code_vaut_une_minute_et_demie(client, equipier, monkeypatch):
    connecter(client, equipier)
    secret = activer(client)
    vrai = time.time
    for decalage, attendu in ((29, True), (120, False)):
        client.post(reverse("account_logout"))
        cache.clear()
        reponse = connecter(client, equipier)
        code = code_totp(secret)
        monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda d=decalage: vrai() + d)
        client.post(reponse.url, {"code": code})
        monkeypatch.undo()
        assert (SESSION_KEY in client.session) is attendu
