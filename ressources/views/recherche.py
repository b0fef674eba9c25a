"""The list of offers and needs."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from annuaire.recherche.criteres import KM_CHOIX
from annuaire.recherche.presentation import choix_communes, pages
from ressources.recherche import chercher
from ressources.recherche.presentation import dates_en_clair, filtres_actifs, panneau, puces
from ressources.recherche.resultat import PAR_PAGE


@require_safe
def annonce_liste(request):
    """One URL for the page and, under htmx, for its results alone."""
    resultat = chercher(request.GET, request.user)
    criteres = resultat.criteres
    page = Paginator(range(resultat.total), PAR_PAGE).get_page(criteres.page)
    debut = (page.number - 1) * PAR_PAGE
    page.object_list = list(resultat.tranche(debut, debut + PAR_PAGE).pour_cartes())
    adresse = reverse("ressources:annonce_liste")
    contexte = {
        "resultat": resultat,
        "criteres": criteres,
        "page": page,
        "puces": puces(resultat),
        "panneau": panneau(resultat),
        "actifs": filtres_actifs(resultat),
        "dates": dates_en_clair(criteres),
        "pages": pages(page, criteres),
        "choix_communes": choix_communes(criteres),
        "km_choix": sorted({*KM_CHOIX, criteres.km}),
        "adresse": adresse,
        "url_canonique": f"{adresse}{criteres.url()}".removesuffix("?"),
        "url_cartes": criteres.url(vue=""),
        "url_liste": criteres.url(vue="liste"),
        "recherche": f"?{criteres.recherche}" if criteres.recherche else "",
    }
    gabarit = "ressources/annonce_liste.html"
    if request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request:
        gabarit += "#resultats"
    reponse = render(request, gabarit, contexte)
    if request.htmx:
        reponse["HX-Push-Url"] = contexte["url_canonique"]
    patch_vary_headers(reponse, ["HX-Request"])
    return reponse
