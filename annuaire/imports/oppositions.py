"""Whether a person objected to being in the directory (RGPD art. 21): asked of annuaire.oppositions."""

from annuaire import oppositions
from annuaire.querysets import base_slug


def courriel_oppose(courriel: str) -> bool:
    return oppositions.est_opposee(courriel=courriel)


def contact_oppose(structure, nom_structure: str, contact: dict) -> bool:
    """By their e-mail, or by their name in this structure (for a new one: the structure of that name)."""
    return oppositions.est_opposee(
        courriel=contact.get("courriel", ""),
        nom=contact["nom"].replace(",", " "),
        structure=structure or base_slug(nom_structure),
    )
