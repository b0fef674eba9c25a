"""Axe on every page of the table: light and dark, 320 px and desktop, enhanced contrast on; zoom 200 %."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.pages import Demonstration

pytestmark = pytest.mark.django_db(transaction=True)

LARGEURS = {"telephone": (320, 700), "bureau": (1280, 900)}
AXE = Axe()
OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}


def fautes_de(page, quoi: str, *, options=OPTIONS) -> list[str]:
    """Axe's violations, and sideways scroll, in words."""
    resultat = AXE.run(page, options=options)
    fautes = [
        f"{quoi} {v['id']}: {v['help']} ({', '.join(str(n['target']) for n in v['nodes'][:4])})"
        for v in resultat.response["violations"]
    ]
    depassement = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if depassement > 0:
        fautes.append(f"{quoi}: {depassement} px of sideways scroll")
    return fautes


def parcourir(ouvrir, demonstration, pages, **options):
    fautes = []
    onglets = {}
    for role, url in pages:
        page = onglets.get(role) or onglets.setdefault(role, ouvrir(demonstration.compte(role), **options))
        reponse = page.goto(url)
        assert reponse.status == 200, f"{url} as {role}: {reponse.status}"
        dues_a_la_page = len(ouvrir.fautes)
        fautes += fautes_de(page, f"{url} as {role}")
        del ouvrir.fautes[dues_a_la_page:]  # axe itself sets inline styles, which the policy refuses
    assert not fautes, "\n".join(fautes)


@pytest.mark.parametrize("sombre", [False, True], ids=["clair", "sombre"])
@pytest.mark.parametrize("largeur", LARGEURS)
def test_axe_sur_chaque_page(ouvrir, largeur, sombre):
    demonstration = Demonstration()
    parcourir(ouvrir, demonstration, demonstration.pages(), taille=LARGEURS[largeur], sombre=sombre)


@pytest.mark.parametrize("sombre", [False, True], ids=["clair", "sombre"])
def test_axe_sur_les_pages_de_l_equipe(ouvrir, sombre):
    demonstration = Demonstration()
    parcourir(ouvrir, demonstration, demonstration.pages_de_l_equipe(), sombre=sombre)


@pytest.mark.parametrize(("largeur", "texte"), [(640, "112.5%"), (1280, "225%")], ids=["page", "texte-seul"])
def test_zoom_200_pour_cent(ouvrir, largeur, texte):
    """A 1280 px window: the page at 200 % is 640 CSS px wide; or only the text is doubled. No sideways scroll."""
    demonstration = Demonstration()
    page = ouvrir(taille=(largeur, 700))
    for url in ["/", "/annuaire/", demonstration.structure().get_absolute_url(), "/annuaire/proposer/"]:
        page.goto(url)
        page.evaluate("taille => document.documentElement.style.setProperty('font-size', taille)", texte)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, url
