"""What cards and pages say of an announcement, worded once."""

import uuid

from django import template
from django.utils import timezone

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


@register.simple_tag
def nouvelle_cle() -> str:
    """A key for a small form: sent twice, it acts once."""
    return str(uuid.uuid4())


@register.filter
def modes_du_champ(form, champ) -> str:
    return form.modes_du_champ(champ.name)


@register.filter
def jours_restants(annonce) -> int:
    """Days before its last day; negative once expired."""
    return (annonce.expire_le - timezone.localdate()).days
