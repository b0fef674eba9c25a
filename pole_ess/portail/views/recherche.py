"""Search across everything."""

from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from annuaire.recherche.presentation import pages
from pole_ess.portail.recherche import chercher


@never_cache
@require_safe
def recherche(request):
    """One URL for the page, for a whole group (`dans`) and, under htmx, for the few answers shown as one types."""
    resultat = chercher(request.GET, request.user)
    demande = resultat.demande
    contexte = {"resultat": resultat, "demande": demande}
    gabarit = "portail/recherche.html"
    if request.htmx and request.htmx.target == "propositions":
        gabarit += "#propositions"
    elif demande.dans:
        contexte["page"] = resultat.page
        contexte["pages"] = pages(resultat.page, demande)
        contexte["toutes"] = demande.url(dans="", page=1)
    reponse = render(request, gabarit, contexte)
    patch_vary_headers(reponse, ["HX-Request", "HX-Target"])
    return reponse
