"""Make the static files that come from packages: fonts as woff2, Bootstrap's stylesheet."""

import importlib.util
import shutil
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from fontTools import subset

# Latin, French ligatures, the dashes, quotes and spaces of French typography, the euro.
UNICODES = "U+0020-007E,U+00A0-00FF,U+0152,U+0153,U+0178,U+2009,U+2010-2015,U+2018-201E,U+2022,U+2026,U+202F,U+20AC"
FACES = ["Regular", "Bold"]


def _dossier(paquet: str) -> Path:
    return Path(importlib.util.find_spec(paquet).origin).parent


class Command(BaseCommand):
    help = "Prépare les polices et la feuille de style Bootstrap depuis les paquets installés."

    def add_arguments(self, parser):
        parser.add_argument("--forcer", action="store_true", help="Refaire ce qui existe déjà.")

    def handle(self, *args, forcer=False, **options):
        dossier = settings.ASSETS_DIR / "vendor"
        dossier.mkdir(parents=True, exist_ok=True)
        polices = _dossier("fontpkg_atkinson_hyperlegible") / "files"
        for face in FACES:
            cible = dossier / f"atkinson-{face.lower()}.woff2"
            if forcer or not cible.exists():
                self._police(polices / f"AtkinsonHyperlegible-{face}.ttf", cible)
        bootstrap = _dossier("bootstrap_wrapper").parent / "bootstrap" / "css"
        for nom in ["bootstrap.min.css", "bootstrap.min.css.map"]:
            shutil.copy2(bootstrap / nom, dossier / nom)  # with its date, so that nothing looks new
        self.stdout.write(f"Polices et style prêts dans {dossier}.")

    def _police(self, source: Path, cible: Path) -> None:
        options = subset.Options(flavor="woff2", layout_features=["*"], hinting=False)
        police = subset.load_font(str(source), options)
        choix = subset.Subsetter(options)
        choix.populate(unicodes=subset.parse_unicodes(UNICODES.replace("U+", "")))
        choix.subset(police)
        provisoire = cible.with_suffix(".tmp")
        subset.save_font(police, str(provisoire), options)
        provisoire.replace(cible)
