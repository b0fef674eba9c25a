"""The eight natures: what each one is called, drawn with, and asks for.

An announcement is one row whatever its nature; a nature only chooses which columns its form, sheet and search
use. `champs` are field names of Annonce; a field that no nature names belongs to all of them.
"""

from dataclasses import dataclass

from django.db.models import TextChoices


class Nature(TextChoices):
    MATERIEL = "materiel", "matériel"
    LOCAL = "local", "local"
    COMPETENCE = "competence", "compétence"
    ARTISTE = "artiste", "artiste, intervenant"
    ENTRAIDE = "entraide", "entraide"
    BENEVOLAT = "benevolat", "bénévolat"
    FORMATION = "formation", "formation"
    ACHAT_GROUPE = "achat_groupe", "achat groupé"


@dataclass(frozen=True)
class Profil:
    """`pluriel`: heading of its lists; `icone`: name for {% icone %}; `categorie`: what its taxonomy is called;
    `modes`: exchange modes that make sense, the usual one first; `reservable`: may have a calendar."""

    pluriel: str
    icone: str
    categorie: str
    modes: tuple[str, ...]
    champs: tuple[str, ...] = ()
    reservable: bool = False


PROFILS = {
    Nature.MATERIEL: Profil(
        "Matériel", "tools", "Catégorie",
        ("pret", "don", "location", "vente", "echange"),
        ("etat_materiel", "transport", "quantite"), reservable=True,
    ),
    Nature.LOCAL: Profil(
        "Locaux", "house-door", "Type de local",
        ("pret", "location", "echange"),
        ("surface", "capacite", "accessible_pmr", "equipements", "residence_artistes", "travail_partage"),
        reservable=True,
    ),
    Nature.COMPETENCE: Profil(
        "Compétences", "lightbulb", "Domaine",
        ("service_gratuit", "service_payant", "echange"),
        ("niveau", "presence"),
    ),
    Nature.ARTISTE: Profil(
        "Artistes et intervenants", "music-note-beamed", "Discipline",
        ("service_payant", "service_gratuit", "echange"),
        ("jauge", "duree_minutes", "presence"),
    ),
    Nature.ENTRAIDE: Profil(
        "Entraide", "people", "Domaine",
        ("service_gratuit", "echange"),
        ("presence",),
    ),
    Nature.BENEVOLAT: Profil(
        "Bénévolat", "heart", "Domaine",
        ("service_gratuit",),
        ("places",),
    ),
    Nature.FORMATION: Profil(
        "Formations", "mortarboard", "Thème",
        ("service_gratuit", "service_payant", "echange"),
        ("places", "niveau", "presence"),
    ),
    Nature.ACHAT_GROUPE: Profil(
        "Achats groupés", "basket", "Catégorie",
        ("vente", "echange"),
        ("quantite",),
    ),
}  # fmt: skip

CHAMPS_DE_NATURE = frozenset(champ for profil in PROFILS.values() for champ in profil.champs)
"""Columns that only some natures use."""
