"""Where the directory says little, for everybody: what is missing, and how to propose it."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from annuaire.couverture import compter

COMMUNES = 20
"""Communes shown: the most populated of those that have nothing."""


@require_safe
def couverture(request):
    """Figures of published sheets only: what registers know is the staff's."""
    contexte = {
        "etapes": [("Annuaire", reverse("annuaire:structure_liste"))],
        "couverture": (comptes := compter()),
        "vides": comptes.communes_vides[:COMMUNES],
        "avec": len(comptes.communes) - len(comptes.communes_vides),
    }
    return render(request, "annuaire/couverture.html", contexte)
