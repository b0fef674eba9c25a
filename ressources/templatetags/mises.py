"""What pages and mails say of shared purchases and posts, worded once (ressources.presentation_mises)."""

from django import template

from ressources import presentation_mises as mots

register = template.Library()


@register.filter
def en_unites(valeur, mise) -> str:
    """« 31 sacs »."""
    return mots.en_unites(valeur, mise)


@register.filter
def progression(mise) -> str:
    """« 31 sur 40 sacs »."""
    return mots.progression(mise)


@register.filter
def barre(mise):
    """Its bar: `largeur`, `texte`."""
    return mots.barre(mise)


@register.filter
def etiquette(mise) -> str:
    """« minimum atteint »."""
    return mots.etiquette(mise)


@register.filter
def ou_en_est(mise) -> str:
    return mots.ou_en_est(mise)
