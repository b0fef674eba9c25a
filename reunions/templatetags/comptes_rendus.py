"""What the tables of the minutes need."""

from django import template

register = template.Library()


@register.filter
def est_liste(valeur) -> bool:
    return isinstance(valeur, list)
