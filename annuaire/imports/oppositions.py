"""Whether a person objected to being in the directory (RGPD art. 21): asked of annuaire.oppositions."""

try:
    from annuaire import oppositions
except ImportError:  # pragma: no cover - the module is there in the whole project
    oppositions = None


def courriel_oppose(courriel: str) -> bool:
    return bool(oppositions) and oppositions.est_opposee(courriel=courriel)


def contact_oppose(structure, nom_structure: str, contact: dict) -> bool:
    """By their e-mail, or by their name in this structure."""
    if not oppositions:
        return False
    if contact.get("courriel") and oppositions.est_opposee(courriel=contact["courriel"]):
        return True
    return structure is not None and oppositions.est_opposee(nom=contact["nom"], structure=structure)
