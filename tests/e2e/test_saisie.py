"""What scripts add to the forms: duplicates while typing, drafts kept, the pin dragged. And the same without them."""

import re
import time

import pytest

from annuaire.models import Structure
from tests.factories import CommuneFactory, RattachementFactory, StructureFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def attendre(condition, secondes=10):
    """Poll from here: the page's policy forbids the evaluation that wait_for_function needs."""
    fin = time.monotonic() + secondes
    while not condition():
        assert time.monotonic() < fin, "never happened"
        time.sleep(0.05)


@pytest.fixture
def atelier(settings, live_server):
    settings.TUILES_URL = f"{live_server.url}/static/img/marque.svg?{{z}}-{{x}}-{{y}}"
    commune = CommuneFactory(code="03310", nom="Vichy", codes_postaux=["03200"])
    return StructureFactory(nom="L'Atelier imaginaire", commune=commune)


def test_doublons_pendant_la_frappe(ouvrir, atelier):
    page = ouvrir()
    page.goto("/annuaire/proposer/")
    page.get_by_label("Nom de la structure").press_sequentially("Atelier imaginaire")
    page.get_by_label("Commune").fill("Vich")
    page.wait_for_selector("#liste-communes option", state="attached")
    assert page.locator("#liste-communes option").get_attribute("value") == "Vichy (03200)"
    page.get_by_label("Commune").fill("Vichy (03200)")
    lien = page.locator("#ressemblances a")
    lien.wait_for()
    assert lien.get_attribute("href") == atelier.get_absolute_url()
    assert page.locator("#ressemblances").get_attribute("aria-live") == "polite"


def test_brouillon_repris_puis_oublie_une_fois_envoye(ouvrir):
    page = ouvrir()
    page.goto("/annuaire/proposer/")
    page.get_by_label("Nom de la structure").fill("Une ébauche")
    page.get_by_label("Ce qu'elle fait").fill("À ne pas perdre.")
    page.get_by_label("Votre adresse e-mail").fill("camille@example.org")
    attendre(lambda: page.evaluate("localStorage.length === 1"))
    assert "camille@" not in page.evaluate("JSON.stringify(localStorage)")
    page.reload()
    assert page.get_by_label("Ce qu'elle fait").input_value() == ""
    page.get_by_role("button", name="Reprendre ce brouillon").click()
    assert page.get_by_label("Ce qu'elle fait").input_value() == "À ne pas perdre."
    page.get_by_label("Votre adresse e-mail").fill("camille@example.org")
    page.get_by_role("button", name="Envoyer la proposition").click()
    page.get_by_role("heading", name="Il reste à confirmer votre adresse").wait_for()
    attendre(lambda: page.evaluate("localStorage.length === 0"))
    assert Structure.objects.get().presentation == "À ne pas perdre."


def test_erreur_prend_le_focus(ouvrir):
    page = ouvrir()
    page.goto("/annuaire/proposer/")
    page.get_by_role("button", name="Envoyer la proposition").click()
    attendre(lambda: page.evaluate("document.activeElement.id === 'erreurs'"))
    page.locator("#erreurs").get_by_role("link", name="Nom de la structure").click()
    assert page.evaluate("document.activeElement.id") == "id_nom"


def test_epingle_glissee(ouvrir, atelier):
    referent = RattachementFactory(structure=atelier, role="referent").utilisateur
    Structure.objects.update(latitude=46.13, longitude=3.42, position_origine="commune")
    page = ouvrir(referent)
    page.goto(f"{atelier.get_absolute_url()}modifier/")
    assert page.locator("script[src*=leaflet]").count() == 0
    page.get_by_text("Déplacer le point").click()
    epingle = page.locator(".epingle-icone")
    epingle.wait_for()
    epingle.scroll_into_view_if_needed()
    boite = epingle.bounding_box()
    page.mouse.move(boite["x"] + 15, boite["y"] + 15)
    page.mouse.down()
    page.mouse.move(boite["x"] + 95, boite["y"] - 65, steps=8)
    page.mouse.up()
    attendre(lambda: page.evaluate("document.getElementById('id_longitude').value !== '3,420000'"))
    assert re.fullmatch(r"46,13\d{4}", page.get_by_label("Latitude").input_value())
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url(f"**{atelier.get_absolute_url()}")
    atelier.refresh_from_db()
    assert atelier.position_origine == "main"
    assert atelier.latitude > 46.13
    assert atelier.longitude > 3.42


def test_tout_marche_sans_javascript(ouvrir, atelier):
    referent = RattachementFactory(structure=atelier, role="referent").utilisateur
    page = ouvrir(referent, javascript=False)
    page.goto(f"{atelier.get_absolute_url()}modifier/")
    page.get_by_label("Commune (facultatif)").fill("03200")
    page.get_by_text("Déplacer le point").click()
    page.get_by_label("Latitude").fill("46,2")
    page.get_by_label("Longitude").fill("3,5")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url(f"**{atelier.get_absolute_url()}")
    atelier.refresh_from_db()
    assert (atelier.latitude, atelier.longitude, atelier.position_origine) == (46.2, 3.5, "main")
