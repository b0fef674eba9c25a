"""Axe on every page of the table: light and dark, 320 px and desktop, enhanced contrast on; zoom 200 %.

A page is loaded once and looked at four times: every rule at both widths in the light scheme; only the rules about
colours can answer otherwise in the dark one.
"""

import os
import re
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe

from pole_ess.portail import controles
from tests.e2e.conftest import LARGEURS
from tests.e2e.pages import Demonstration

pytestmark = pytest.mark.django_db(transaction=True)

AXE = Axe().axe_script
VERSION = re.search(r"axe v([\d.]+)", AXE[:200])[1]
REPONDRE = {
    "resultTypes": ["violations"],
    "preload": False,  # of media and of other sites' stylesheets: there are none, and fetching ours again is slow
    "iframes": False,  # a frame's page is opened by itself; axe waits in vain for its script inside each
}
OPTIONS = {
    **REPONDRE,
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
}
COULEURS = {
    **REPONDRE,
    "runOnly": {"type": "rule", "values": ["color-contrast", "color-contrast-enhanced", "link-in-text-block"]},
}
PRESENT = "() => 'axe' in window"
LANCER = """options => axe.run(document, options).then(({violations}) => violations.map(({id, help, nodes}) =>
  `${id}: ${help} (${nodes.slice(0, 4).map(node => node.target.join(" ")).join(", ")})`))"""
TRAME = "() => new Promise(faite => requestAnimationFrame(() => setTimeout(faite)))"


def depassement(page) -> int:
    """CSS pixels of sideways scroll."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def fautes_de(page, quoi: str, *, options=OPTIONS) -> list[str]:
    """Axe's violations, and sideways scroll, in words. Axe itself comes with the first look at a loaded page."""
    if not page.evaluate(PRESENT):
        page.evaluate(AXE)
    fautes = [f"{quoi} {faute}" for faute in page.evaluate(LANCER, options)]
    if (trop := depassement(page)) > 0:
        fautes.append(f"{quoi}: {trop} px of sideways scroll")
    return fautes


def fautes_partout(page, quoi: str, *, largeurs=LARGEURS, options=OPTIONS) -> list[str]:
    """At each width every rule in the light scheme, then those about colours in the dark one; left in the light one."""
    fautes = []
    for largeur in largeurs:
        a_la_largeur(page, largeur)
        fautes += fautes_de(page, f"{quoi}, {largeur}", options=options)
        page.emulate_media(color_scheme="dark")
        fautes += fautes_de(page, f"{quoi}, {largeur}, dark", options=COULEURS)
        page.emulate_media(color_scheme="light")
    return fautes


def a_la_largeur(page, largeur: str) -> None:
    """As if a window were resized: the page's script has answered."""
    largeur, hauteur = LARGEURS[largeur]
    page.set_viewport_size({"width": largeur, "height": hauteur})
    page.evaluate(TRAME)


def parcourir(ouvrir, demonstration, pages, *, largeurs=LARGEURS) -> list[str]:
    """The violations of these (role, URL), each loaded at the first of these widths."""
    fautes, onglets = [], {}
    for role, url in pages:
        if role not in onglets:
            onglets[role] = ouvrir(demonstration.compte(role))
            onglets[role].add_init_script(AXE)  # 500 kB: sent once, not with each page
        page = onglets[role]
        a_la_largeur(page, next(iter(largeurs)))
        reponse = page.goto(url)
        assert reponse.status == 200, f"{url} as {role}: {reponse.status}"
        dues_a_la_page = len(ouvrir.fautes)
        fautes += fautes_partout(page, f"{url} as {role}", largeurs=largeurs)
        del ouvrir.fautes[dues_a_la_page:]  # axe itself sets inline styles, which the policy refuses
    return fautes


def assert_consigne(part: int, pages):
    """The accessibility statement never claims more pages than were just examined without a violation.

    Each half of the table is compared with what is recorded of it, and records only itself.
    """
    equipe = sum(role == "animateur" for role, _ in pages)
    outil = f"axe-core {VERSION}"
    if os.environ.get("POLE_ESS_CONSIGNER"):
        controles.consigner(
            part, controles.Controle(date.today(), outil, pages=len(pages) - equipe, pages_equipe=equipe, fautes=0)
        )
    declare = controles.lire_parts()[part]
    assert declare.outil == outil
    assert 0 < declare.pages <= len(pages) - equipe
    assert 0 < declare.pages_equipe <= equipe


@pytest.mark.parametrize("part", range(controles.PARTS))
def test_axe_sur_chaque_page(ouvrir, part):
    """Every other page, so that two processes share them. The staff's lists are made for a desk: on a wide screen."""
    demonstration = Demonstration()
    listes = demonstration.pages(), demonstration.pages_de_l_equipe()
    toutes = [*listes[0], *listes[1]]
    assert len(set(toutes)) == len(toutes), "a page is opened twice"
    pages, de_l_equipe = (liste[part :: controles.PARTS] for liste in listes)
    fautes = parcourir(ouvrir, demonstration, pages)
    fautes += parcourir(ouvrir, demonstration, de_l_equipe, largeurs=["bureau"])
    assert not fautes, "\n".join(fautes)
    assert_consigne(part, [*pages, *de_l_equipe])


ZOOMS = {"page": (640, "112.5%"), "texte seul": (1280, "225%")}


def test_zoom_200_pour_cent(ouvrir):
    """A 1280 px window: the page at 200 % is 640 CSS px wide; or only the text is doubled. No sideways scroll."""
    demonstration = Demonstration()
    page = ouvrir()
    for largeur, texte in ZOOMS.values():
        page.set_viewport_size({"width": largeur, "height": 700})
        for url in ["/", "/annuaire/", demonstration.structure().get_absolute_url(), "/annuaire/proposer/"]:
            page.goto(url)
            page.evaluate("taille => document.documentElement.style.setProperty('font-size', taille)", texte)
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, (
                url
            )
