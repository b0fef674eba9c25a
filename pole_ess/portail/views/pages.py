from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from pole_ess.portail.controles import accessibilite_controlee
from pole_ess.portail.traitements import TRAITEMENTS
from pole_ess.socle.models import ReglagesPole
from reunions.compte_rendu import markdown


@require_safe
def page(request, nom):
    """A legal page; `nom` comes from the URL table, never from the visitor."""
    pole = ReglagesPole.actuels()
    ajout = {"mentions_legales": pole.mentions_plus, "donnees_personnelles": pole.donnees_plus}.get(nom, "")
    return render(request, f"portail/{nom}.html", {"ajout": markdown.html(ajout)})


@require_safe
def registre(request):
    """The register of treatments, open to all: nothing in it is secret."""
    etapes = [("Données personnelles", reverse("donnees_personnelles"))]
    return render(request, "portail/registre.html", {"traitements": TRAITEMENTS, "etapes": etapes})


@require_safe
def accessibilite(request):
    """The statement (law 2005-102, art. 47), with what the browser tests found the day they were last recorded."""
    return render(request, "portail/accessibilite.html", {"controle": accessibilite_controlee()})


@require_safe
def habillage(request):
    """The hub's colour as a style sheet, kept for a year where the address names the colour (the admin's does not)."""
    reponse = render(request, "portail/habillage.css", content_type="text/css; charset=utf-8")
    if request.META["QUERY_STRING"]:
        patch_cache_control(reponse, public=True, max_age=31_536_000, immutable=True)
    else:
        patch_cache_control(reponse, public=True, max_age=300)
    return reponse
