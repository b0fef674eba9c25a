"""What is said first of a version, in every format: which one it is, approved or not, corrections noted."""

from django.utils import timezone

from pole_ess.socle.templatetags.francais import jour

BROUILLON = "Brouillon : ce compte rendu n'est pas publié, il peut encore changer."


def de_la_version(version, minutes) -> list[str]:
    """A line each. `minutes`: with `approuve_a` read."""
    publie = f"Version {version.numero}, publiée le {jour(timezone.localtime(version.cree_le))}."
    lignes = [f"{publie} {version.note}".strip()]
    if minutes.etat != "approuve":
        return [*lignes, "Ce compte rendu sera approuvé à une prochaine rencontre."]
    ou = f" à la rencontre « {minutes.approuve_a} »" if minutes.approuve_a else ""
    lignes.append(f"Approuvé le {jour(minutes.approuve_le)}{ou}.")
    if minutes.corrections:
        lignes.append(f"Corrections notées à l'approbation : {minutes.corrections}")
    return lignes
