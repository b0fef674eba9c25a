"""What cards and pages say of an announcement, worded once."""

from django import template

from ressources import cartes, fiche

register = template.Library()


@register.filter
def prix_en_clair(annonce) -> str:
    """« Prêt, caution 50 € », « Location, 20 € le jour », « Vente, prix sur demande », « Don »."""
    return fiche.prix_en_clair(annonce)


@register.filter
def ligne_de_carte(annonce) -> str:
    """« Prêt · caution 50 € », « Don · 12 restants sur 20 », « 20 € l'heure »."""
    return cartes.ligne(annonce)


@register.filter
def euros(montant) -> str:
    """« 1 250,50 € »."""
    return fiche.euros(montant)


@register.filter
def taille(octets) -> str:
    """« 350 Ko », « 1,2 Mo »."""
    if octets < 1024 * 1024:
        return f"{max(1, round(octets / 1024))} Ko"
    return f"{octets / 1024 / 1024:.1f} Mo".replace(".", ",")
