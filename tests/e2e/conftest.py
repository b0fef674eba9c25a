"""A real Chromium (Debian's) on the live server; any console error or request to another host fails the test."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

# Playwright keeps an event loop in this thread; the ORM is called beside it, never inside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Web pages of the address bar's, which nobody sees, made with each window. Chromium hears only the last such list:
    # Playwright's own is said again.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,"
    "OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch",
]
LARGEURS = {"telephone": (320, 700), "bureau": (1280, 900)}


@pytest.hookimpl(trylast=True)
def pytest_itemcollected(item):
    """Marked as they are found: a mark given later comes after `-m "not e2e"` has chosen."""
    if "/e2e/" in str(item.path):
        item.add_marker(pytest.mark.e2e)


def pytest_collection_modifyitems(items):
    """Browser tests come last, whatever the random order: Playwright's event loop stays in the thread once begun,
    and asgiref refuses to run asynchronous code (procrastinate's) synchronously beside it.
    """
    items.sort(key=lambda item: "/e2e/" in str(item.path))


@pytest.fixture(scope="session")
def navigateur():
    """One browser for the session."""
    chemin = shutil.which("chromium")
    assert chemin, "Chromium is missing: `make test-long` installs it, or: apt install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chemin, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def ouvrir(navigateur, live_server, settings):
    """`ouvrir(utilisateur=None, largeur=1280, sombre=False, javascript=True)` gives a page of its own context."""
    settings.PORTAIL_URL = live_server.url
    contextes, fautes = [], []

    def _ouvrir(utilisateur=None, *, taille=(1280, 900), sombre=False, javascript=True):
        contexte = navigateur.new_context(
            base_url=live_server.url,
            viewport={"width": taille[0], "height": taille[1]},
            color_scheme="dark" if sombre else "light",
            java_script_enabled=javascript,
            locale="fr-FR",
            reduced_motion="reduce",
        )
        contextes.append(contexte)
        if utilisateur is not None:
            contexte.add_cookies([_cookie_de_session(utilisateur, live_server.url)])
        page = contexte.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda m: fautes.append(f"{page.url}: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda e: fautes.append(f"{page.url}: {e}"))
        page.on(
            "request",
            lambda r: (
                None
                if r.url.startswith((live_server.url, "data:", "blob:", "about:"))
                else fautes.append(f"request to another host: {r.url}")
            ),
        )
        return page

    _ouvrir.fautes = fautes
    yield _ouvrir
    for contexte in contextes:
        contexte.close()
    assert not fautes


def _cookie_de_session(utilisateur, url):
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(utilisateur.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = utilisateur.get_session_auth_hash()
    session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": url}
