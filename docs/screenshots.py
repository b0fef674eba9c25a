"""`make screenshots`: the README's pictures, from a demonstration of its own that is thrown away."""

import contextlib
import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "screenshots"
START_SECONDS = 180
SHOTS = [  # file name, path, width, height
    ("accueil", "/", 1280, 860),
    ("annuaire", "/annuaire/", 1280, 860),
    ("annuaire-telephone", "/annuaire/", 360, 740),
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


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with demonstration() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, path, width, height in SHOTS:
            page = browser.new_page(viewport={"width": width, "height": height}, locale="fr-FR")
            answer = page.goto(address + path, wait_until="networkidle")
            if answer.status != 200:
                raise SystemExit(f"{path} answers {answer.status}")
            picture = Image.open(io.BytesIO(page.screenshot()))
            target = FOLDER / f"{name}.webp"
            picture.save(target, "WEBP", quality=80, method=6)
            print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} KB")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
