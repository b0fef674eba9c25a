"""The map with the keyboard alone: nothing from elsewhere before it opens, then the tiles and nothing else."""

import pytest

from tests.e2e.test_axe import fautes_de
from tests.e2e.test_saisie import attendre
from tests.factories import CommuneFactory, StructureFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def carte(settings, live_server):
    """Two structures at one point, one apart; tiles from the live server under a path of their own."""
    settings.TUILES_URL = f"{live_server.url}/static/img/marque.svg?tuile={{z}}-{{x}}-{{y}}"
    commune = CommuneFactory(code="03310", nom="Vichy", codes_postaux=["03200"], latitude=46.128, longitude=3.426)
    for nom, latitude in [("Atelier ensemble", 46.128), ("Bazar ensemble", 46.128), ("Cabane à part", 46.2)]:
        StructureFactory(
            nom=nom, commune=commune, latitude=latitude, longitude=3.426, position_origine="adresse"
        )  # fmt: skip


@pytest.fixture
def page(ouvrir, carte):
    page = ouvrir()
    page.demandes = []
    page.on("request", lambda r: page.demandes.append(r.url))
    page.goto("/annuaire/")
    return page


def foyer(page) -> str:
    return page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.textContent")


def test_nothing_is_fetched_before_the_map_opens(page):
    page.wait_for_load_state("networkidle")
    assert [u for u in page.demandes if "leaflet" in u or "tuile=" in u or "points.json" in u] == []
    page.get_by_text("Voir la carte").press("Enter")
    page.locator(".carte-point").first.wait_for()
    attendre(lambda: any("tuile=" in u for u in page.demandes))
    assert {u.split("/")[2] for u in page.demandes if not u.startswith("data:")} == {page.url.split("/")[2]}


def test_markers_bubbles_and_links_with_the_keyboard(page):
    page.get_by_text("Voir la carte").press("Enter")
    ensemble = page.get_by_role("button", name="2 structures à cet endroit")
    ensemble.wait_for()
    # The tab key reaches it from the top of the map.
    page.get_by_text("Voir la carte").focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        if foyer(page) == "2 structures à cet endroit":
            break
    assert foyer(page) == "2 structures à cet endroit"
    page.keyboard.press("Enter")
    noms = page.locator(".leaflet-popup .carte-noms a")
    attendre(lambda: noms.count() == 2)
    assert noms.all_inner_texts() == ["Atelier ensemble", "Bazar ensemble"]
    attendre(lambda: foyer(page) == "Atelier ensemble")
    page.wait_for_timeout(600)  # the map has moved to show the bubble and read its points again
    assert noms.count() == 2
    page.keyboard.press("Tab")
    assert foyer(page) == "Bazar ensemble"
    page.keyboard.press("Escape")
    attendre(lambda: noms.count() == 0)
    assert foyer(page) == "2 structures à cet endroit"
    page.keyboard.press("Enter")
    attendre(lambda: foyer(page) == "Atelier ensemble")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Atelier ensemble", level=1).wait_for()


@pytest.mark.parametrize("sombre", [False, True], ids=["clair", "sombre"])
@pytest.mark.parametrize("taille", [(320, 700), (1280, 900)], ids=["telephone", "bureau"])
def test_axe_on_the_open_map(ouvrir, carte, taille, sombre):
    page = ouvrir(taille=taille, sombre=sombre)
    page.goto("/annuaire/?carte=1")
    page.get_by_role("button", name="2 structures à cet endroit").wait_for()
    fautes = _axe(ouvrir, page, "map open")
    page.get_by_role("button", name="2 structures à cet endroit").press("Enter")
    page.locator(".leaflet-popup .carte-noms a").first.wait_for()
    page.wait_for_timeout(600)
    fautes += _axe(ouvrir, page, "bubble open")
    assert not fautes, "\n".join(fautes)


def _axe(ouvrir, page, quoi: str) -> list[str]:
    dues_a_la_page = len(ouvrir.fautes)
    fautes = fautes_de(page, quoi)
    del ouvrir.fautes[dues_a_la_page:]  # axe itself sets inline styles, which the policy refuses
    return fautes
