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

SCRIPT = Axe().axe_script
VERSION = re.search(r"axe v([\d.]+)", SCRIPT[:200])[1]
# Axe reads the same few colours thousands of times, by a library of every colour space: each is read once a page.
AXE = (
    SCRIPT
    + """;(({prototype}) => {
  const lire = prototype.parseString, lues = new Map();
  prototype.parseString = function (texte) {
    const lue = lues.get(texte);
    if (lue) { [this.r, this.g, this.b, this.alpha] = lue; return this; }
    lire.call(this, texte);
    lues.set(texte, [this.r, this.g, this.b, this.alpha]);
    return this;
  };
})(axe.commons.color.Color)"""
)
SEUILS = {"normal": {"expected": 7, "minThreshold": 0}, "large": {"expected": 4.5, "minThreshold": 0}}
REPONDRE = {
    "resultTypes": ["violations"],
    "preload": False,  # of media and of other sites' stylesheets: there are none, and fetching ours again is slow
    "iframes": False,  # a frame's page is opened by itself; axe waits in vain for its script inside each
    # The enhanced contrast alone, told not to leave what is below AA to the other rule: it is the same computation.
    "checks": {"color-contrast-enhanced": {"options": {"contrastRatio": SEUILS}}},
}
OPTIONS = {
    **REPONDRE,
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {
        "color-contrast": {"enabled": False},
        "color-contrast-enhanced": {"enabled": True},
        "target-size": {"enabled": True},
    },
}
COULEURS = {**REPONDRE, "runOnly": {"type": "rule", "values": ["color-contrast-enhanced", "link-in-text-block"]}}
# The violations in words, the CSS pixels of sideways scroll; null when axe is not there yet.
LANCER = """options => "axe" in window ? axe.run(document, options).then(({violations}) => [
  violations.map(({id, help, nodes}) =>
    `${id}: ${help} (${nodes.slice(0, 4).map(node => node.target.join(" ")).join(", ")})`),
  document.documentElement.scrollWidth - document.documentElement.clientWidth,
]) : null"""
TRAME = "() => new Promise(faite => requestAnimationFrame(() => setTimeout(faite)))"


def fautes_de(page, quoi: str, *, options=OPTIONS) -> list[str]:
    """Axe's violations, and sideways scroll, in words. Axe itself comes with the first look at a loaded page."""
    if (vu := page.evaluate(LANCER, options)) is None:
        page.evaluate(AXE)
        vu = page.evaluate(LANCER, options)
    violations, trop = vu
    fautes = [f"{quoi} {faute}" for faute in violations]
    if trop > 0:
        fautes.append(f"{quoi}: {trop} px of sideways scroll")
    return fautes


def fautes_partout(page, quoi: str, *, largeurs=LARGEURS, options=OPTIONS) -> list[str]:
    """At each width every rule in the light scheme, those about colours in the dark one; left in the light one.

    A second width is looked at in the dark first: each change of scheme or width is a page drawn anew.
    """
    fautes, sombre = [], False
    for largeur in largeurs:
        a_la_largeur(page, largeur)
        for tour in (sombre, not sombre):
            if tour != sombre:
                page.emulate_media(color_scheme="dark" if tour else "light")
                sombre = tour
            fautes += fautes_de(
                page, f"{quoi}, {largeur}{', dark' if sombre else ''}", options=COULEURS if sombre else options
            )
    if sombre:
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


PIEGES = """<!doctype html><html lang="fr"><title>Pièges</title><style>
  html { color-scheme: light dark } html, input { color: canvastext; background: canvas }
  .etroit { display: none }
  @media (max-width: 400px) {
    .etroit { display: block; width: 500px }
    @media (prefers-color-scheme: dark) { .aa { color: #555 } }
  }
  @media (min-width: 1000px) and (prefers-color-scheme: light) { .aaa { color: #666 } }
</style><main><h1>Pièges</h1><p class="aa">Illisible</p><p class="aaa">Peu lisible</p><p class="etroit">Large</p>
<input></main>"""


def test_axe_trouve_ce_qui_est_fautif(ouvrir):
    """Each fault is found in the looks where it is: the economies of this module hide none."""
    page = ouvrir()
    page.set_content(PIEGES)
    fautes = [re.sub(r": .*?(?= \(|$)", "", faute) for faute in fautes_partout(page, "p")]
    assert sorted(fautes) == [
        "p, bureau color-contrast-enhanced (.aaa)",
        "p, bureau label (input)",
        "p, telephone",
        "p, telephone label (input)",
        "p, telephone, dark",
        "p, telephone, dark color-contrast-enhanced (.aa)",
    ]


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
