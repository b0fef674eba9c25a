"""What production promises: headers, cookies, checks, and no trace of the demonstration."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.urls import reverse

ROOT = Path(__file__).parents[1]
PAGES = [
    "accueil",
    "mentions_legales",
    "donnees_personnelles",
    "accessibilite",
    "sante",
    "annuaire:structure_liste",
    "annuaire:proposer",
    "donnees_ouvertes",
    "api_documentation",
    "integrer",
    "account_login",
    "account_signup",
    "account_reset_password",
]
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "pole_ess.settings.prod",
    "SECRET_KEY": "z4bL-qYp1wN8vKc2sXr7tGh5jMd9fQe3uAo6iRl0nBkPyTzWxVmCgHsEfJ",
    "ALLOWED_HOSTS": "portail.example.org",
    "DEFAULT_FROM_EMAIL": "portail@pole-ess.test",
    "ANYMAIL_WEBHOOK_SECRET": "fournisseur:un-mot-de-passe",
    "OPPOSITION_SEL": "un-sel-qui-ne-change-jamais",
    "PROXYS_DE_CONFIANCE": "1",
}

# Runs under production settings on the test database, and rolls back what it did.
PROBE = """
import json, sys
from pole_ess.settings import prod
prod.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
import django
django.setup()
from django.db import transaction
from django.test import Client
from annuaire.models import Utilisateur
from allauth.account.models import EmailAddress
found = {}
def record(name, response):
    found[name] = {
        "status": response.status_code,
        "headers": {k.lower(): v for k, v in response.headers.items()},
        "cookies": {k: {"secure": bool(c["secure"]), "httponly": bool(c["httponly"]), "samesite": c["samesite"],
                        "path": c["path"], "domain": c["domain"]} for k, c in response.cookies.items()},
    }
with transaction.atomic():
    client = Client(headers={"host": "portail.example.org"}, raise_request_exception=False)
    record("clair", client.get("/annuaire/"))
    record("sante", client.get("/sante/"))
    record("demo", client.get("/demo/courrier/", secure=True))
    record("connexion", client.get("/compte/login/", secure=True))
    record("ailleurs", client.get("/sante/", secure=True, headers={"host": "autre.example.org"}))
    user = Utilisateur.objects.create_user(email="probe@example.org", password="une phrase de passe longue")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record("connecte", client.post("/compte/login/", {"login": user.email, "password": "une phrase de passe longue"},
                                   secure=True))
    transaction.set_rollback(True)
json.dump(found, sys.stdout)
"""


def _environment(**more):
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return {**inherited, "PYTHONPATH": str(ROOT), **PRODUCTION, **more}


@pytest.fixture(scope="module")
def production(django_db_setup, django_db_blocker, tmp_path_factory):
    """What a visitor of a production portal gets."""
    with django_db_blocker.unblock():
        server = connection.get_connection_params()
    secret = f":{server['password']}" if server.get("password") else ""
    query = urlencode({"host": server.get("host", ""), "port": server.get("port", "5432")})
    url = f"postgres://{server.get('user', '')}{secret}@/{connection.settings_dict['NAME']}?{query}"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROBE],
        env=_environment(DATABASE_URL=url, POLE_ESS_DATA=str(tmp_path_factory.mktemp("prod"))),
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.lent
def test_production_is_https_only(production):
    assert production["clair"]["status"] == 301
    assert production["clair"]["headers"]["location"] == "https://portail.example.org/annuaire/"
    assert production["sante"]["status"] == 200
    hsts = production["connexion"]["headers"]["strict-transport-security"]
    assert hsts == "max-age=31536000; includeSubDomains; preload"


@pytest.mark.lent
def test_production_knows_no_demonstration(production):
    assert production["demo"]["status"] == 404


@pytest.mark.lent
def test_production_answers_to_its_own_name_only(production):
    assert production["ailleurs"]["status"] == 400


@pytest.mark.lent
def test_production_cookies_are_locked(production):
    assert production["connecte"]["status"] == 302
    cookies = production["connexion"]["cookies"] | production["connecte"]["cookies"]
    assert {"__Host-csrf", "__Host-session"} <= set(cookies)
    for name, facts in cookies.items():
        expected = {"secure": True, "httponly": True, "samesite": "Lax", "path": "/", "domain": ""}
        assert facts == expected or name == "messages", name
        assert facts["secure"]
        assert facts["httponly"]


@pytest.mark.lent
def test_production_headers(production):
    headers = production["connexion"]["headers"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.django_db
@pytest.mark.parametrize("nom", PAGES)
def test_content_security_policy_needs_no_exception(client, nom):
    response = client.get(reverse(nom))
    assert response.status_code == 200
    policy = dict(
        part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";") if part.strip()
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in str(policy)


@pytest.mark.lent
def test_deployment_checks_are_clean(tmp_path):
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "check", "--deploy", "--fail-level", "INFO"],
        env=_environment(POLE_ESS_DATA=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("absent", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_does_not_start_half_set(absent, tmp_path):
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "check"],
        env=_environment(POLE_ESS_DATA=str(tmp_path), **{absent: ""}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert f"{absent} is not set" in done.stderr
