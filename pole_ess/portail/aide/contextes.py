"""Hard forms -> the part of the help that explains them. A test checks that each exists, and that each is used."""

from dataclasses import dataclass

from django.urls import reverse

from pole_ess.portail.abrege import abreger
from pole_ess.portail.aide.pages import guide, pages

RESUME_MAX = 300

PUBLIQUES = {
    "proposer": ("proposer-une-structure", "ce-qu-il-faut-remplir"),
    "annonce": ("publier-une-annonce", "remplir-le-formulaire"),
    "calendrier": ("ouvrir-un-calendrier", "choisir-les-regles"),
    "reserver": ("reserver", "demander-une-date"),
    "achat_groupe": ("acheter-ensemble", "ouvrir-un-achat-groupe"),
    "urgence": ("appel-urgent", "lancer-un-appel"),
}
"""Key -> (page of the help, anchor)."""
EQUIPE = {
    "atelier": "l-atelier-de-post-it",
    "lettre": "ecrire-la-lettre",
    "import": "importer-une-liste",
    "import_annonces": "importer-des-annonces",
}
"""Key -> anchor in the staff guide."""


@dataclass(frozen=True)
class Renvoi:
    """Where to read, and the first words of it."""

    titre: str
    resume: str
    url: str


def renvoi(cle: str) -> Renvoi:
    """Raises KeyError on an unknown key, or on a key whose section went."""
    if cle in EQUIPE:
        section = guide().section(EQUIPE[cle])
        return Renvoi(section.titre, abreger(section.resume, RESUME_MAX), f"{reverse('aide_equipe')}#{section.ancre}")
    slug, ancre = PUBLIQUES[cle]
    page = pages()[slug]
    section = page.document.section(ancre)
    return Renvoi(page.titre, abreger(section.resume, RESUME_MAX), f"{page.get_absolute_url()}#{ancre}")
