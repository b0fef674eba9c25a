"""Axe on every page of the table: light and dark, 320 px and desktop, enhanced contrast on; zoom 200 %.

A page is opened once per width: only the rules about colours can answer otherwise in the dark scheme.
"""

import os
import re
from dataclasses import replace
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe

from pole_ess.portail import controles
from tests.e2e.pages import Demonstration

pytestmark = pytest.mark.django_db(transaction=True)

LARGEURS = {"telephone": (320, 700), "bureau": (1280, 900)}
AXE = Axe()
VERSION = re.search(r"axe v([\d.]+)", AXE.axe_script[:200])[1]
OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}


COULEURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "color-contrast-enhanced", "link-in-text-block"]},
    "resultTypes": ["violations"],
}


def depassement(page) -> int:
    """CSS pixels of sideways scroll."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def fautes_de(page, quoi: str, *, options=OPTIONS) -> list[str]:
    """Axe's violations, and sideways scroll, in words."""
    resultat = AXE.run(page, options=options)
    fautes = [
        f"{quoi} {v['id']}: {v['help']} ({', '.join(str(n['target']) for n in v['nodes'][:4])})"
        for v in resultat.response["violations"]
    ]
    if (trop := depassement(page)) > 0:
        fautes.append(f"{quoi}: {trop} px of sideways scroll")
    return fautes


def fautes_aux_deux_themes(page, quoi: str, *, options=OPTIONS) -> list[str]:
    """Every rule in the light scheme, then those about colours in the dark one."""
    page.emulate_media(color_scheme="light")
    fautes = fautes_de(page, quoi, options=options)
    page.emulate_media(color_scheme="dark")
    return fautes + fautes_de(page, f"{quoi}, dark", options=COULEURS)


def parcourir(ouvrir, demonstration, pages, **options):
    fautes = []
    onglets = {}
    for role, url in pages:
        page = onglets.get(role) or onglets.setdefault(role, ouvrir(demonstration.compte(role), **options))
        reponse = page.goto(url)
        assert reponse.status == 200, f"{url} as {role}: {reponse.status}"
        dues_a_la_page = len(ouvrir.fautes)
        fautes += fautes_aux_deux_themes(page, f"{url} as {role}")
        del ouvrir.fautes[dues_a_la_page:]  # axe itself sets inline styles, which the policy refuses
    assert not fautes, "\n".join(fautes)


def assert_consigne(**ouvertes):
    """The accessibility statement never claims more pages than were just examined without a violation."""
    if os.environ.get("POLE_ESS_CONSIGNER"):
        controles.consigner(
            replace(controles.lire(), le=date.today(), outil=f"axe-core {VERSION}", fautes=0, **ouvertes)
        )
    declare = controles.lire()
    assert declare.outil == f"axe-core {VERSION}"
    for quoi, nombre in ouvertes.items():
        assert 0 < getattr(declare, quoi) <= nombre


@pytest.mark.parametrize("largeur", LARGEURS)
def test_axe_sur_chaque_page(ouvrir, largeur):
    """The staff's lists are made for a desk: they are opened on a wide screen."""
    demonstration = Demonstration()
    pages, de_l_equipe = demonstration.pages(), demonstration.pages_de_l_equipe()
    parcourir(ouvrir, demonstration, pages, taille=LARGEURS[largeur])
    assert_consigne(pages=len(pages))
    if largeur == "bureau":
        parcourir(ouvrir, demonstration, de_l_equipe)
        assert_consigne(pages_equipe=len(de_l_equipe))


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
