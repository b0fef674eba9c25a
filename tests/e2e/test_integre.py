"""A list in a page of another site: shown on an allowed origin, refused by the browser on another; the copied code."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.factories import CommuneFactory, StructureFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


class Site:
    """Another site, on a port of its own: one page, whose body is `corps`."""

    def __init__(self, corps: str):
        page = f"<!doctype html><html lang=fr><title>Mairie</title><h1>Mairie</h1>{corps}".encode()

        class Reponse(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(page if self.path == "/" else b"")

            def log_message(self, *arguments):
                pass

        self.serveur = ThreadingHTTPServer(("127.0.0.1", 0), Reponse)
        self.origine = f"http://127.0.0.1:{self.serveur.server_address[1]}"
        threading.Thread(target=self.serveur.serve_forever, daemon=True).start()

    def fermer(self):
        self.serveur.shutdown()
        self.serveur.server_close()


@pytest.fixture
def structure():
    commune = CommuneFactory(code="03310", nom="Vichy", latitude=46.128, longitude=3.426)
    point = {"latitude": 46.128, "longitude": 3.426, "position_origine": "adresse"}
    return StructureFactory(nom="La ronde", commune=commune, **point)


@pytest.fixture
def sites(live_server, settings, navigateur, structure):
    """(allowed, other): both show the same frame; `page(site)` opens one in a browser that has never come here."""
    settings.PORTAIL_URL = live_server.url
    settings.TUILES_URL = f"{live_server.url}/static/img/marque.svg?tuile={{z}}-{{x}}-{{y}}"
    cadre = f'<iframe src="{live_server.url}/integre/carte/" title="Carte" width="100%" height="700"></iframe>'
    permis, autre = Site(cadre), Site(cadre)
    settings.INTEGRATION_SITES = [permis.origine]
    contexte = navigateur.new_context(locale="fr-FR")
    fautes = []

    def page(site):
        ouverte = contexte.new_page()
        ouverte.set_default_timeout(15_000)
        ouverte.on("console", lambda m: fautes.append(m.text) if m.type == "error" else None)
        ouverte.goto(site.origine)
        return ouverte

    yield permis, autre, page, fautes, contexte
    contexte.close()
    permis.fermer()
    autre.fermer()


def test_un_site_permis_montre_la_liste_et_la_carte(sites, structure, live_server):
    permis, _, page, fautes, contexte = sites
    ouverte = page(permis)
    cadre = ouverte.frame_locator("iframe")
    lien = cadre.locator(".lignes a")
    lien.wait_for()
    cadre.get_by_text("Voir la carte").press("Enter")
    cadre.get_by_role("button", name="La ronde").press("Enter")
    bulle = cadre.locator(".carte-noms a")
    bulle.wait_for()
    for ancre in (lien, bulle):
        with contexte.expect_page() as nouvelle:
            ancre.press("Enter")
        assert nouvelle.value.url == f"{live_server.url}{structure.get_absolute_url()}"
        assert nouvelle.value.evaluate("window.opener") is None
        nouvelle.value.close()
    assert contexte.cookies() == []
    assert fautes == []


def test_un_autre_site_ne_montre_rien(sites):
    _, autre, page, fautes, _ = sites
    ouverte = page(autre)
    ouverte.wait_for_load_state("networkidle")
    assert ouverte.frame_locator("iframe").get_by_role("link", name="La ronde").count() == 0
    assert any("frame-ancestors" in faute for faute in fautes), fautes


def test_la_liste_sans_javascript(ouvrir, structure):
    page = ouvrir(javascript=False, taille=(320, 700))
    page.goto("/integre/carte/")
    page.get_by_role("link", name="La ronde").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_choisir_voir_et_copier(ouvrir, structure):
    page = ouvrir()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/integrer/")
    page.get_by_label("Mots cherchés").fill("ronde")
    page.get_by_label("Autour de cette commune").fill("Vichy")
    page.get_by_role("button", name="Voir ce que ça donne").press("Enter")
    page.frame_locator("iframe").get_by_role("link", name="La ronde").wait_for()
    page.get_by_role("button", name="Copier").press("Enter")
    page.get_by_text("Copié.").wait_for()
    copie = page.evaluate("navigator.clipboard.readText()")
    assert copie == page.get_by_label("Code à copier").input_value()
    assert "/integre/annuaire/?q=ronde&amp;commune=03310&amp;km=20" in copie
