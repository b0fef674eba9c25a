"""Axe on every page of the table: light and dark, 320 px and desktop, enhanced contrast on."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import LARGEURS

pytestmark = pytest.mark.django_db(transaction=True)

OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
}


def verifier(page, contexte: str) -> None:
    """No axe violation, and no sideways scroll."""
    resultat = Axe().run(page, options=OPTIONS)
    fautes = [
        f"{v['id']}: {v['help']} ({', '.join(str(n['target']) for n in v['nodes'][:4])})"
        for v in resultat.response["violations"]
    ]
    assert not fautes, contexte + "\n" + "\n".join(fautes)
    depassement = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert depassement <= 0, f"{contexte}: {depassement} px of sideways scroll"


@pytest.mark.parametrize("sombre", [False, True], ids=["clair", "sombre"])
@pytest.mark.parametrize("largeur", LARGEURS)
def test_axe_sur_chaque_page(ouvrir, monde, largeur, sombre):
    for role, url in monde.pages():
        page = ouvrir(monde.roles[role], taille=LARGEURS[largeur], sombre=sombre)
        reponse = page.goto(url)
        assert reponse.status == 200, f"{url} as {role}: {reponse.status}"
        verifier(page, f"{url} as {role}, {largeur}, {'dark' if sombre else 'light'}")
        page.context.close()
