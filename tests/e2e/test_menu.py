"""The menu on a phone: closed from the first paint, open for who has no script."""

import time

import pytest

pytestmark = pytest.mark.django_db(transaction=True)
TELEPHONE = (412, 823)
SAUTS = """
window.sauts = 0;
new PerformanceObserver(liste => liste.getEntries().forEach(saut => { window.sauts += saut.value; }))
  .observe({ type: "layout-shift", buffered: true });
"""


def _tarder(route):
    time.sleep(0.5)
    route.continue_()


@pytest.mark.parametrize("url", ["/", "/annuaire/", "/rencontres/"])
def test_the_page_does_not_jump_when_the_script_comes(ouvrir, url):
    """Cumulative layout shift under 0.1 (web.dev/cls), the script half a second late."""
    page = ouvrir(taille=TELEPHONE)
    page.add_init_script(SAUTS)
    page.route("**/portail*.js", _tarder)
    page.goto(url)
    page.wait_for_function("document.documentElement.classList.contains('js')")
    page.wait_for_timeout(200)
    assert page.evaluate("window.sauts") < 0.1
    assert not page.locator("details.menu nav").is_visible()


def test_without_a_script_the_menu_is_there(ouvrir):
    page = ouvrir(taille=TELEPHONE, javascript=False)
    page.goto("/")
    assert page.locator("details.menu nav").is_visible()
