"""The demonstration crawled as each role: no dead link, no error, valid HTML, nothing from another host.

The browser's side (console, scripts) is in tests/e2e/: each page of its table fails on a console error.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

from annuaire.models import Utilisateur
from tests.e2e.pages import ROLES, Demonstration
from tests.parcours import DEPART, PAR_ROUTE, Parcours

pytestmark = [pytest.mark.lent, pytest.mark.django_db]
DE_L_EQUIPE = {"animateur", "administrateur"}
OURS = {"annuaire", "ressources", "reunions", "newsletter", "socle"}
VUES_AU_MOINS = 120
"""Routes that the crawl of all roles together opens: fewer means that it lost its way."""
SILENCES = [
    r"Attribute “hx-[a-z-]+” not allowed",  # htmx's attributes: read by a script, ignored by browsers
    r"A “select” element with a “required” attribute",  # the admin's own autocomplete: its script fills the list
]


def test_the_demonstration_crawled_as_each_role(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    demonstration = Demonstration()
    parcours = [
        Parcours(role, _client(demonstration.compte(role))).suivre(DEPART + ["/admin/"] * (role in DE_L_EQUIPE))
        for role in ["visiteur", *ROLES]
    ]
    fautes = [faute for un in parcours for faute in un.fautes]
    assert not fautes, "\n".join(fautes)
    assert len({route for un in parcours for route in un._vues}) >= VUES_AU_MOINS
    fautes = fautes_de_html({f"{un.role} {url}": html for un in parcours for url, html in un.pages.items()}, tmp_path)
    assert not fautes, "\n".join(fautes)


def test_three_objects_in_each_state_never_break_a_page():
    """As each role: shown, or refused politely."""
    demonstration = Demonstration()
    clients = {role: _client(demonstration.compte(role)) for role in ["visiteur", *ROLES]}
    adresses = dict(_objets())
    assert len({modele for modele, _ in adresses}) >= 8
    for (modele, etat), urls in adresses.items():
        for url in urls:
            for role, client in clients.items():
                statut = client.get(url).status_code
                assert statut in (200, 301, 302, 403, 404, 410), f"{url} ({modele} {etat}) as {role}: {statut}"


def _objets():
    for modele in apps.get_models():
        if modele._meta.app_label not in OURS or not hasattr(modele, "get_absolute_url"):
            continue
        if not any(champ.name == "etat" for champ in modele._meta.fields):
            yield (modele._meta.label, ""), _urls(modele._base_manager.all())
            continue
        for etat, _ in modele._meta.get_field("etat").choices:
            yield (modele._meta.label, etat), _urls(modele._base_manager.filter(etat=etat))


def _urls(objets) -> list[str]:
    """`get_absolute_url` of a few; an issue of the letter has none before its number."""
    return [objet.get_absolute_url() for objet in objets.order_by("pk")[:PAR_ROUTE] if getattr(objet, "rang", 1)]


def _client(compte: Utilisateur | None) -> Client:
    client = Client(raise_request_exception=False)
    if compte:
        client.force_login(compte)
    return client


def fautes_de_html(pages: dict[str, str], dossier: Path) -> list[str]:
    """What the Nu checker finds, each sort once with the page where it was found."""
    jar = next(iter(sorted((settings.DATA_DIR / "vnu").glob("vnu-*.jar"))), None)
    assert jar and shutil.which("java"), "The HTML checker is missing: `make test-long` installs it (deploy/vnu.sh)"
    dossier = dossier / "html"
    dossier.mkdir()
    noms = {}
    for rang, (nom, html) in enumerate(pages.items()):
        fichier = dossier / f"{rang}.html"
        fichier.write_text(html)
        noms[fichier.name] = nom
    controle = subprocess.run(
        ["java", "-Xss1m", "-jar", jar, "--errors-only", "--format", "json", "--exit-zero-always", dossier],
        capture_output=True,
        text=True,
        check=True,
    )
    fautes = {}
    for message in json.loads(controle.stderr)["messages"]:
        if any(re.search(silence, message["message"]) for silence in SILENCES):
            continue
        page = noms[Path(message["url"]).name]
        fautes.setdefault(message["message"], f"{page}: {message['message']} · {message.get('extract', '')[:160]!r}")
    return list(fautes.values())
