"""`make screenshots`: the README's pictures and the staff guide's, from a demonstration of its own, thrown away.

`python -m docs.screenshots http://127.0.0.1:8000` takes them from a demonstration that runs already.
"""

import contextlib
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import sync_playwright

from annuaire.demonstration.comptes import MOT_DE_PASSE

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 180
STAFF = "animateur@demo.example.org"


class Shot(NamedTuple):
    """`then`: a link of that page to follow, its address matching this pattern."""

    name: str
    path: str
    width: int = 1080
    height: int = 760
    then: tuple[str, ...] = ()


README = [
    Shot("accueil", "/", 1280, 860),
    Shot("annuaire", "/annuaire/", 1280, 860),
    Shot("annuaire-telephone", "/annuaire/", 360, 740),
]
PREPARE = r"^/rencontres/\d+/preparer/$"
GUIDE = [
    Shot("accueil-equipe", "/admin/"),
    Shot(
        "fiche-a-valider",
        "/admin/annuaire/structure/?etat__exact=a_valider",
        then=(r"/admin/annuaire/structure/\d+/change/",),
    ),
    Shot("annonces-a-valider", "/admin/ressources/annonce/?travail=a_valider"),
    Shot("importer", "/admin/annuaire/importstructures/add/"),
    Shot("preparer-une-rencontre", "/rencontres/", then=(r"^/rencontres/\d+/$", PREPARE)),
    Shot("atelier", "/rencontres/", then=(r"^/rencontres/\d+/$", PREPARE, r"/atelier/$")),
    Shot("actions", "/rencontres/actions/"),
    Shot("lettre", "/lettre/redaction/", then=(r"/lettre/redaction/\d+/$",)),
]


@contextlib.contextmanager
def demonstration():
    """The address of a running demonstration on a free port, in a data folder that goes with it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tempfile.mkdtemp(prefix="pole-ess-images-")
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "pole_ess.settings.demo",
        "POLE_ESS_DATA": home,
        "POLE_ESS_PG_SANS_FSYNC": "1",
        "HOST": "127.0.0.1",
        "PORT": str(port),
    }
    run = subprocess.Popen([sys.executable, str(ROOT / "manage.py"), "demo"], env=environment)  # noqa: S603 - our own command
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + START_SECONDS
        while run.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/sante/", timeout=5):  # noqa: S310 - loopback
                break
            time.sleep(0.5)
        else:
            raise SystemExit("The demonstration did not start.")
        yield address
    finally:
        run.terminate()
        run.wait(30)
        shutil.rmtree(Path(home, "postgres").resolve(), ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


def main(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        take(browser.new_context(locale="fr-FR"), address, README, ROOT / "docs" / "screenshots")
        staff = browser.new_context(locale="fr-FR")
        log_in(staff, address)
        take(staff, address, GUIDE, ROOT / "docs" / "guide")
        browser.close()


def log_in(context, address: str) -> None:
    page = context.new_page()
    page.goto(f"{address}/compte/login/")
    page.fill("[name=login]", STAFF)
    page.fill("[name=password]", MOT_DE_PASSE)
    page.click("main form [type=submit]")
    page.wait_for_url(re.compile("/compte/$"))
    page.close()


def take(context, address: str, shots: list[Shot], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for shot in shots:
        page = context.new_page()
        page.set_viewport_size({"width": shot.width, "height": shot.height})
        path = shot.path
        for pattern in [*shot.then, ""]:
            answer = page.goto(address + path, wait_until="networkidle")
            if answer.status != 200:
                raise SystemExit(f"{path} answers {answer.status}")
            if pattern:
                path = follow(page, pattern)
        picture = Image.open(io.BytesIO(page.screenshot()))
        target = folder / f"{shot.name}.webp"
        picture.save(target, "WEBP", quality=75, method=6)
        print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} KB")
        page.close()


def follow(page, pattern: str) -> str:
    """The address of the first link of the page's own content that matches."""
    links = page.eval_on_selector_all("main a, #content a", "all => all.map(a => a.getAttribute('href'))")
    for link in links:
        if re.search(pattern, link or ""):
            return link
    raise SystemExit(f"No link like {pattern} on {page.url}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1].rstrip("/"))
    else:
        with demonstration() as running:
            main(running)
