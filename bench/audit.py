"""`python -m bench.audit [URL]`: Lighthouse (mobile) on the ten main pages, the median of five runs of each.

Without an address, on a demonstration of its own. Exits with 1 when a category of a page is below the floor.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

from docs.screenshots import ROOT, demonstration

VERSION = "12.2.3"
OUTILS = ROOT / "var" / "audit"
ESSAIS = 3
PLANCHER, TOURS = 95, int(os.environ.get("TOURS", "5"))
CATEGORIES = {"performance": "perf.", "accessibility": "access.", "best-practices": "pratiques", "seo": "référ."}
PAGES = [
    "/",
    "/annuaire/",
    "/annuaire/proposer/",
    "/offres-et-besoins/",
    "/rencontres/",
    "/lettre/",
    "/observatoire/",
    "/donnees-ouvertes/",
    "/aide/",
    "/lettre/abonnement/",
]
DRAPEAUX = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"


def installer() -> Path:
    """Lighthouse, at its version, from npm's registry into var/; its program."""
    programme = OUTILS / "node_modules" / ".bin" / "lighthouse"
    versionne = OUTILS / f"lighthouse-{VERSION}"
    if not (programme.exists() and versionne.exists()):
        if not shutil.which("npm"):
            sys.exit("Lighthouse needs Node 18 or later and npm: apt install nodejs npm")
        OUTILS.mkdir(parents=True, exist_ok=True)
        commande = ["npm", "install", "--silent", "--no-save", "--prefix", OUTILS, f"lighthouse@{VERSION}"]
        subprocess.run(commande, check=True, env={**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"})
        versionne.touch()
    return programme


def mesurer(programme: Path, url: str) -> tuple[dict[str, float], set[str]]:
    """Category -> points of one run, and what cost some."""
    with tempfile.TemporaryDirectory() as dossier:
        rapport = Path(dossier) / "rapport.json"
        commande = [
            programme, url, "--quiet", "--output=json", f"--output-path={rapport}",
            f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={DRAPEAUX}",
        ]  # fmt: skip
        environnement = {**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}
        for restent in reversed(range(ESSAIS)):  # the browser's trace is sometimes not recorded: nothing was measured
            if not subprocess.run(commande, check=not restent, env=environnement).returncode:
                break
        lu = json.loads(rapport.read_text())
    notes = {cle: 100 * (lu["categories"][cle]["score"] or 0) for cle in CATEGORIES}
    poids = {ref["id"] for cle in CATEGORIES for ref in lu["categories"][cle]["auditRefs"] if ref["weight"]}
    return notes, {
        cle for cle in poids if (lu["audits"][cle]["score"] or 0) < 0.9 and lu["audits"][cle]["score"] is not None
    }


def main() -> None:
    programme = installer()
    chez_soi = nullcontext(sys.argv[1].rstrip("/")) if len(sys.argv) > 1 else demonstration()
    basses = []
    with chez_soi as base:
        print(f"Lighthouse {VERSION}, mobile, median of {TOURS}\n")
        print(f"{'page':28}" + "".join(f"{nom:>11}" for nom in CATEGORIES.values()))
        for page in PAGES:
            tours = [mesurer(programme, base + page) for _ in range(TOURS)]
            medianes = {cle: statistics.median(notes[cle] for notes, _ in tours) for cle in CATEGORIES}
            print(f"{page:28}" + "".join(f"{note:>11.0f}" for note in medianes.values()), flush=True)
            if min(medianes.values()) < PLANCHER:
                basses.append(f"{page}: {', '.join(sorted(set.union(*(causes for _, causes in tours))))}")
    if basses:
        sys.exit("\nBelow " + str(PLANCHER) + ":\n" + "\n".join(basses))


if __name__ == "__main__":
    main()
