"""Open data: the page that lists it, its files, its feeds, the documentation of the API."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from annuaire import exports
from annuaire.models import Structure
from annuaire.views.exports import EXPORTS_MAX, PERIODE, compter_un_fichier
from pole_ess.portail.api import documentation as api
from pole_ess.portail.ouvertes import flux as nos_flux
from pole_ess.portail.ouvertes.fichiers import JEUX, formats, octets
from pole_ess.socle.telechargement import reponse_de_donnees


@require_safe
def donnees_ouvertes(request):
    """Everything that may be taken and used again, and what may not."""
    publiees = Structure.objects.publiees()
    contexte = {
        "formats": exports.FORMATS.values(),
        "colonnes": exports.COLONNES,
        "jeux": {cle.replace("-", "_"): {"jeu": jeu, "formats": formats(jeu)} for cle, jeu in JEUX.items()},
        "flux": [(nom, sorte, reverse(url)) for nom, sorte, url in nos_flux.FLUX],
        "total": publiees.count(),
        "derniere": publiees.derniere_modification(),
        "attendre_apres": EXPORTS_MAX,
        "minutes": PERIODE // 60,
        "par_minute": settings.API_PAR_MINUTE,
    }
    return render(request, "portail/donnees_ouvertes.html", contexte)


@require_safe
def fichier(request, jeu, format):
    """A set of data, filtered as its page is; 404 for a format that it does not have."""
    choisi = JEUX.get(jeu)
    if choisi is None or format not in choisi.formats:
        raise Http404
    compter_un_fichier(request)
    return reponse_de_donnees(
        request,
        octets(choisi, format, request.GET),
        type_mime=exports.FORMATS[format].mime,
        nom=f"{jeu}-{timezone.localdate():%Y-%m-%d}.{format}",
        modifie_le=choisi.derniere(),
    )


@require_safe
def documentation(request):
    """Each route with its parameters, its fields and an answer given now."""
    contexte = {
        "etapes": [("Données ouvertes", reverse("donnees_ouvertes"))],
        "routes": api.routes(),
        "enveloppe": api.enveloppe(),
        "objets": api.objets(),
        "racine": settings.PORTAIL_URL + reverse("api:api-root"),
        "par_minute": settings.API_PAR_MINUTE,
    }
    return render(request, "portail/api_documentation.html", contexte)


def _flux(flux):
    """RSS: a reader that asks again for nothing new gets a 304."""

    @require_safe
    @conditional_page
    def vue(request):
        reponse = flux(request)
        reponse["Cache-Control"] = "public, max-age=300"
        return reponse

    return vue


flux_nouveautes = _flux(nos_flux.FluxNouveautes())
flux_structures = _flux(nos_flux.FluxStructures())
flux_comptes_rendus = _flux(nos_flux.FluxComptesRendus())
