"""PDFs that a screen reader reads (PDF/UA-1, ISO 14289-1), from the Typst templates of templates/documents/.

A template reads `donnees` as JSON: what people typed stays data, and is never compiled as markup.
"""

import importlib.util
import json
import re
import subprocess
import sys
import unicodedata
from functools import cache
from pathlib import Path

import typst
from django.conf import settings
from django.http import HttpResponse
from django.utils.text import slugify
from fontTools.ttLib import TTFont

DOSSIER = Path(settings.BASE_DIR) / "templates" / "documents"
ECRITURES = "\u00a0-\u024f\u0370-\u03ff\u0400-\u04ff\u1e00-\u1eff"
"""Latin, Greek and Cyrillic: what Typst's own fonts hold when Atkinson Hyperlegible does not."""
PROCHES = str.maketrans({"\u202f": "\u00a0", "\u2009": " ", "\u2011": "-", "\u2028": "\n", "\u2029": "\n", "\r": "\n"})


def pdf(gabarit: str, donnees: dict) -> bytes:
    """The PDF/UA-1 document made by templates/documents/<gabarit>.typ. Raises typst.TypstError on a bad template."""
    return _composer(gabarit, donnees, pdf_standards=["ua-1"], format="pdf")


def pdf_a_part(gabarit: str, donnees: dict, *, secondes: int = 600) -> bytes:
    """The same in a process of its own: hundreds of pages take hundreds of megabytes, which go with it.

    Raises subprocess.CalledProcessError, or TimeoutExpired after `secondes`.
    """
    fait = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "pole_ess.socle.composer", gabarit],
        input=json.dumps(donnees).encode(),
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        timeout=secondes,
        check=True,
    )
    return fait.stdout


def image(gabarit: str, donnees: dict, *, ppi: int = 200) -> bytes:
    """The same as a PNG, for a chart in a word processor: its words must be given beside it."""
    return _composer(gabarit, donnees, format="png", ppi=ppi)


def _composer(gabarit, donnees, **sortie) -> bytes:
    return typst.compile(
        str(DOSSIER / f"{gabarit}.typ"),
        root=str(DOSSIER),
        font_paths=[str(_polices())],
        ignore_system_fonts=True,  # the same document on every machine
        sys_inputs={"donnees": json.dumps(_dessinable(donnees))},
        **sortie,
    )


def reponse_pdf(octets: bytes, nom: str) -> HttpResponse:
    return reponse_fichier(octets, nom, extension="pdf", type_mime="application/pdf")


def reponse_fichier(octets: bytes, nom: str, *, extension: str, type_mime: str) -> HttpResponse:
    """To be kept by whoever asked and by no cache on the way; `nom` becomes a plain file name."""
    reponse = HttpResponse(octets, content_type=type_mime)
    nom = slugify(nom)[:80].strip("-") or "document"
    reponse["Content-Disposition"] = f'attachment; filename="{nom}.{extension}"'
    reponse["Cache-Control"] = "private, no-store"
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["X-Robots-Tag"] = "noindex"
    reponse["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reponse["Cross-Origin-Resource-Policy"] = "same-origin"
    return reponse


def _polices() -> Path:
    return Path(importlib.util.find_spec("fontpkg_atkinson_hyperlegible").origin).parent / "files"


@cache
def _indessinables() -> re.Pattern:
    """What no font of ours draws. PDF/UA refuses a missing glyph; a script such as Arabic may stop Typst for good."""
    with TTFont(_polices() / "AtkinsonHyperlegible-Regular.ttf", lazy=True) as police:
        connus = "".join(re.escape(chr(point)) for point in police.getBestCmap() if point >= 0x20)
    return re.compile(f"[^\n{connus}{ECRITURES}]")


def _remplacer(trouve: re.Match) -> str:
    """A letter of another script leaves a mark; emoji, controls and invisible marks leave nothing."""
    return "?" if unicodedata.category(trouve[0])[0] in "LN" else ""


def _dessinable(valeur):
    """The same data with each text made of characters that can be drawn; an accent on its own (Mn) cannot."""
    if isinstance(valeur, str):
        texte = unicodedata.normalize("NFC", valeur.replace("\r\n", "\n")).translate(PROCHES).replace("\u00ad", "")
        texte = "".join(lettre for lettre in texte if lettre == "\n" or unicodedata.category(lettre)[0] not in "CM")
        return _indessinables().sub(_remplacer, texte)
    if isinstance(valeur, dict):
        return {cle: _dessinable(v) for cle, v in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [_dessinable(v) for v in valeur]
    return valeur
