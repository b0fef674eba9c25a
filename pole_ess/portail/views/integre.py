"""Lists and a map for other sites' pages: light, without a session, and the only pages that a frame may hold."""

from functools import wraps

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import conditional_page, require_safe

from annuaire import recherche as annuaire_recherche
from annuaire.views.liste import lignes
from pole_ess.portail import integration
from pole_ess.portail.forms.integrer import IntegrerForm
from ressources.recherche import chercher as chercher_annonces
from reunions.calendrier import recherche as agenda_recherche
from reunions.calendrier.criteres import Criteres as CriteresAgenda

PAR_PAGE = 20
"""The directory's list reads pages of twenty (annuaire.recherche.resultat): the others do the same."""


def encadrable(vue):
    """Only the portal and INTEGRATION_SITES may frame it; no index, no session, one minute of shared cache."""

    @wraps(vue)
    def encadree(request):
        reponse = csp_replace({"frame-ancestors": integration.ancetres()})(xframe_options_exempt(vue))(request)
        reponse["X-Robots-Tag"] = "noindex"
        reponse["Cache-Control"] = "public, max-age=60"
        return reponse

    return require_safe(conditional_page(encadree))


def montrer(request, gabarit: str, *, titre: str, page, criteres, liste: str, recherche: str, **reste):
    """`liste`: URL name of the portal's own page, which `recherche` (« ?q=… », or nothing) opens on the same."""
    sur_le_portail = reverse(liste) + recherche.removesuffix("?")
    contexte = {
        "titre": titre,
        "page": page,
        "criteres": criteres,
        "sur_le_portail": settings.PORTAIL_URL + sur_le_portail,
        "precedente": criteres.url(page=page.number - 1),
        "suivante": criteres.url(page=page.number + 1),
        **reste,
    }
    return render(request, f"portail/{gabarit}.html", contexte)


def _structures(request):
    resultat = annuaire_recherche.chercher(request.GET)
    page = Paginator(range(resultat.total), PAR_PAGE).get_page(resultat.criteres.page)
    page.object_list = lignes(resultat, page)
    return resultat, page


@encadrable
def annuaire(request):
    resultat, page = _structures(request)
    criteres = resultat.criteres
    return montrer(
        request,
        "integre_annuaire",
        titre="Annuaire",
        page=page,
        criteres=criteres,
        liste="annuaire:structure_liste",
        recherche=criteres.url(page=1, carte=False),
        resultat=resultat,
    )


@encadrable
def carte(request):
    """The map, fetched when it is opened, above the same structures as a list."""
    resultat, page = _structures(request)
    criteres = resultat.criteres
    return montrer(
        request,
        "integre_carte",
        titre="Carte des structures",
        page=page,
        criteres=criteres,
        liste="annuaire:structure_liste",
        recherche=criteres.url(page=1, carte=True),
        resultat=resultat,
        url_points=f"{reverse('annuaire:carte_points')}{criteres.url(page=1, carte=False)}",
        tuiles_url=settings.TUILES_URL,
        tuiles_attribution=settings.TUILES_ATTRIBUTION,
    )


@encadrable
def annonces(request):
    resultat = chercher_annonces(request.GET)
    criteres = resultat.criteres
    page = Paginator(range(resultat.total), PAR_PAGE).get_page(criteres.page)
    debut = (page.number - 1) * PAR_PAGE
    page.object_list = list(resultat.tranche(debut, debut + PAR_PAGE).select_related("structure", "commune"))
    return montrer(
        request,
        "integre_annonces",
        titre="Offres et besoins",
        page=page,
        criteres=criteres,
        liste="ressources:annonce_liste",
        recherche=criteres.url(page=1),
        resultat=resultat,
    )


@encadrable
def agenda(request):
    criteres = CriteresAgenda.lire(request.GET)
    return montrer(
        request,
        "integre_agenda",
        titre="Agenda",
        page=agenda_recherche.page_de_liste(criteres, AnonymousUser(), PAR_PAGE),
        criteres=criteres,
        liste="reunions:agenda",
        recherche=criteres.url(page=1),
    )


@require_safe
def integrer(request):
    """Anybody chooses a list and takes the code to paste, with a preview."""
    form = IntegrerForm.lire(request.GET)
    adresse = form.adresse()
    contexte = {
        "form": form,
        "adresse": adresse,
        "code": integration.code(settings.PORTAIL_URL + adresse, titre=form.titre, hauteur=form.pixels),
        "sites": integration.sites(),
        "partout": integration.sites() == [integration.PARTOUT],
    }
    return render(request, "portail/integrer.html", contexte)
