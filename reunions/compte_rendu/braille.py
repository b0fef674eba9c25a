"""Embossable French braille (BRF): uncontracted or contracted, 32 cells by 25 lines, by liblouis when installed.

The first line of a page holds its number, at the right. What is a table elsewhere is read here as sentences.
"""

import os
import shutil
import subprocess
import unicodedata
from textwrap import wrap

TABLES = {"integral": "en-us-brf.dis,fr-bfu-comp6.utb", "abrege": "en-us-brf.dis,fr-bfu-g2.ctb"}
"""`en-us-brf.dis` first: it says which ASCII letter stands for which dots in a BRF file."""
CELLULES, LIGNES = 32, 25
PREMIERE, SUITE = {"p": "  ", "h": "", "item": ""}, {"p": "", "h": "  ", "item": "  "}
"""Where the first line and the next ones of each sort of block start."""
PROCHES = str.maketrans({"\u00a0": " ", "\u202f": " ", "’": "'", "–": "-", "—": "-", "‑": "-", "…": "...", "\t": " "})
ATTENTE, MORCEAU = 20, 400
"""Seconds for one run; letters of one line, which the tool's buffer holds."""


def outil() -> str | None:
    """Debian's lou_translate (package liblouis-bin)."""
    return shutil.which("lou_translate")


def est_installe() -> bool:
    return outil() is not None


def ecrire(blocs: list[tuple[str, str]], sorte: str) -> bytes:
    """`blocs`: (« h », « p » or « item », words); `sorte`: of TABLES. Raises RuntimeError when liblouis fails."""
    propres = [(genre, propre) for genre, mots in blocs if (propre := _propre(mots))]
    morceaux = [wrap(mots, MORCEAU) for _, mots in propres]
    traduits = iter(_traduire([morceau for siens in morceaux for morceau in siens], sorte))
    mots = [" ".join(next(traduits) for _ in siens) for siens in morceaux]
    lignes = _lignes([(genre, les_mots) for (genre, _), les_mots in zip(propres, mots, strict=True)])
    pages = _pages(lignes)
    numeros = _traduire([str(rang) for rang in range(1, len(pages) + 1)], sorte)
    composees = ["\r\n".join([numero.rjust(CELLULES), *page]) for numero, page in zip(numeros, pages, strict=True)]
    return ("\r\n\f".join(composees) + "\r\n").encode("ascii", "replace")


def _propre(mots: str) -> str:
    """One line of letters that the French tables know; another script leaves a question mark."""
    texte = unicodedata.normalize("NFC", mots.translate(PROCHES))
    texte = "".join(c if unicodedata.category(c)[0] not in "CM" else " " for c in " ".join(texte.split()))
    return "".join(c if ord(c) < 0x180 or c == "€" else ("?" if c.isalnum() else "") for c in texte).strip()


def _traduire(textes: list[str], sorte: str) -> list[str]:
    """One line each, in one run of the tool."""
    chemin = outil()
    if chemin is None:
        raise RuntimeError("lou_translate is not installed")
    fait = subprocess.run(  # noqa: S603 - a fixed command; the words go through its standard input
        [chemin, "--forward", TABLES[sorte]],
        input="\n".join(textes) + "\n",
        capture_output=True,
        encoding="utf-8",
        timeout=ATTENTE,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    lignes = fait.stdout.removesuffix("\n").split("\n")
    if fait.returncode or len(lignes) != len(textes):
        raise RuntimeError(f"lou_translate: {fait.returncode}, {fait.stderr[:200]}")
    return lignes


def _lignes(blocs) -> list[tuple[str, bool]]:
    """(line, whether it must stay with the next one): an empty line before a heading, which stays with its text."""
    lignes = []
    for genre, mots in blocs:
        if genre == "h" and lignes:
            lignes.append(("", False))
        coupees = wrap(
            mots,
            CELLULES,
            initial_indent=PREMIERE[genre],
            subsequent_indent=SUITE[genre],
            break_on_hyphens=False,
        )
        lignes += [(ligne, genre == "h") for ligne in coupees]
    return lignes


def _pages(lignes) -> list[list[str]]:
    pages, page, place = [], [], LIGNES - 1
    for rang, (ligne, liee) in enumerate(lignes):
        besoin = 1
        if liee:  # a heading and the line after it
            besoin = 1 + next((i for i, (_, suit) in enumerate(lignes[rang + 1 :], 1) if not suit), 0)
        if page and (len(page) + 1 > place or (len(page) + min(besoin, place) > place and liee)):
            pages.append(page)
            page = []
        if ligne or page:
            page.append(ligne)
    return [*pages, page] if page or not pages else pages
