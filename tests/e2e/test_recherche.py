"""Search everything: with the keyboard alone, on a phone, without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.portail.garniture_recherche import de_chaque_sorte

pytestmark = pytest.mark.django_db(transaction=True)


def focus(page) -> str:
    return page.evaluate("document.activeElement.id || document.activeElement.innerText")


def test_barre_oblique_propositions_fleches_et_echappement(ouvrir):
    de_chaque_sorte(combien=2)
    page = ouvrir()
    page.goto("/mentions-legales/")
    page.keyboard.press("/")
    assert focus(page) == "partout"
    page.keyboard.type("mediath")
    liens = page.locator("#propositions a")
    expect(liens).to_have_count(9)
    expect(page.locator("#propositions-compte")).to_contain_text("20 réponses")
    assert page.locator("#partout").input_value() == "mediath"
    page.keyboard.press("ArrowDown")
    assert focus(page) == liens.nth(0).inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert focus(page) == liens.nth(2).inner_text()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    assert focus(page) == "partout"
    page.keyboard.press("Escape")
    expect(page.locator("#propositions")).to_be_hidden()
    assert page.locator("#partout").input_value() == "mediath"
    page.keyboard.type("e")
    expect(liens.first).to_be_visible()
    page.keyboard.press("Tab")  # the button, then the links
    page.keyboard.press("Tab")
    assert focus(page) == liens.nth(0).inner_text()
    adresse = liens.nth(0).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{adresse}")


def test_entree_ouvre_la_page_et_la_touche_s_ecrit_dans_un_champ(ouvrir):
    de_chaque_sorte()
    page = ouvrir()
    page.goto("/annuaire/")
    page.get_by_label("Nom, activité").focus()
    page.keyboard.type("a/b")
    assert page.get_by_label("Nom, activité").input_value() == "a/b"
    page.get_by_label("Chercher dans tout le site").fill("médiathèque")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche/?q=*")
    expect(page.get_by_role("heading", level=2)).to_have_count(8)
    page.get_by_role("link", name="Compte rendu de").click()
    page.wait_for_url("**/compte-rendu/")


def test_le_raccourci_se_coupe(ouvrir):
    page = ouvrir()
    page.goto("/recherche/")
    page.get_by_role("button", name="Couper ce raccourci").click()
    expect(page.get_by_role("button", name="Activer ce raccourci")).to_be_visible()
    page.goto("/")
    page.keyboard.press("/")
    assert focus(page) != "partout"


def test_sur_un_telephone_sans_javascript(ouvrir):
    de_chaque_sorte()
    page = ouvrir(taille=(320, 700), javascript=False)
    page.goto("/")
    page.get_by_role("link", name="Chercher dans tout le site").click()
    page.get_by_label("Chercher dans tout le site").fill("mediateque")
    page.get_by_role("button", name="Chercher partout").click()
    expect(page.get_by_text("Rien d'exact pour")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("link", name="Visite 0").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Visite 0")
