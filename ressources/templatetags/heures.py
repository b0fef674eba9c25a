"""Hours in words in templates."""

from django import template

from ressources.heures_mots import en_heures

register = template.Library()


@register.filter
def duree(heures) -> str:
    """2.5 -> « 2 h 30 »."""
    return en_heures(heures)


@register.filter
def mouvement(heures) -> str:
    """With its sign: « +2 h », « −45 min »."""
    return f"+{en_heures(heures)}" if heures > 0 else en_heures(heures)
