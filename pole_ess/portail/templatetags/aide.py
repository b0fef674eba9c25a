"""`{% aide "proposer" %}`: the disclosure « Besoin d'aide ? » of a hard form."""

from django import template

from pole_ess.portail.aide.contextes import renvoi

register = template.Library()


@register.inclusion_tag("components/_aide.html")
def aide(cle):
    return {"renvoi": renvoi(cle)}
