"""The help's pages: docs/aide/NN-slug.md, a question each; the staff guide with its pictures."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from PIL import Image

from annuaire.texte import plier
from pole_ess.portail.aide.markdown import Document, lire

DOSSIER = Path(settings.BASE_DIR) / "docs"
NOM_DE_FICHIER = re.compile(r"(\d)\d-([a-z0-9-]+)\.md")
NOM_D_IMAGE = re.compile(r"[a-z0-9-]+\.webp")
GROUPES = {
    "1": "Chercher",
    "2": "L'annuaire",
    "3": "Offrir et demander",
    "4": "Se rencontrer",
    "5": "Recevoir la lettre",
    "6": "Le site et vous",
}
"""First digit of a file's name -> the group in which its question is listed."""


@dataclass(frozen=True)
class Page:
    """One question and its answer."""

    slug: str
    groupe: str
    document: Document

    @property
    def titre(self) -> str:
        return self.document.titre

    def get_absolute_url(self):
        return reverse("aide_page", args=[self.slug])


@cache
def pages() -> dict[str, Page]:
    """Slug -> page, in the order of the files. Read once: they come with the code."""
    trouvees = {}
    for fichier in sorted((DOSSIER / "aide").glob("*.md")):
        nom = NOM_DE_FICHIER.fullmatch(fichier.name)
        trouvees[nom[2]] = Page(nom[2], GROUPES[nom[1]], lire(fichier.read_text()))
    return trouvees


@cache
def guide() -> Document:
    """The staff guide."""
    return lire((DOSSIER / "staff-guide.fr.md").read_text(), image=_image)


def image(nom: str) -> Path | None:
    """The file of one of the guide's pictures."""
    chemin = DOSSIER / "guide" / nom
    return chemin if NOM_D_IMAGE.fullmatch(nom) and chemin.is_file() else None


def _image(source: str):
    chemin = image(source.removeprefix("guide/"))
    if chemin is None:
        return None
    with Image.open(chemin) as ouverte:
        return reverse("aide_image", args=[chemin.name]), *ouverte.size


def chercher(demande: str) -> list[Page]:
    """Pages that hold each word, whatever case and accents; those whose title has them first. All for no word."""
    mots = plier(demande[:200]).split()
    trouvees = [
        page for page in pages().values() if all(mot in plier(f"{page.titre} {page.document.texte}") for mot in mots)
    ]
    return sorted(trouvees, key=lambda page: not all(mot in plier(page.titre) for mot in mots)) if mots else trouvees


def groupees(choisies) -> list[tuple[str, list[Page]]]:
    return [(nom, siennes) for nom in GROUPES.values() if (siennes := [p for p in choisies if p.groupe == nom])]
