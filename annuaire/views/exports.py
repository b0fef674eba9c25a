"""The directory's open data as files; the page that says what they hold is the portal's « Données ouvertes »."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from annuaire import exports, recherche
from annuaire.models import Structure
from pole_ess.socle.limites import adresse_reseau, compter
from pole_ess.socle.telechargement import reponse_de_donnees

EXPORTS_MAX, PERIODE = 30, 600
"""Files per network and seconds: enough for a class, not for a harvester gone wrong."""


def compter_un_fichier(request):
    """Every file of open data counts together. Raises LimiteDepassee."""
    if request.method == "GET":
        compter(f"export:{adresse_reseau(request)}", maximum=EXPORTS_MAX, secondes=PERIODE)


@require_safe
def export(request, format):
    """The search of the URL as a file: the same structures as the list, what any visitor may read of them."""
    if format not in exports.FORMATS:
        raise Http404
    compter_un_fichier(request)
    structures = recherche.chercher(request.GET, request.user).queryset.filter(etat=Structure.Etat.PUBLIEE)
    return reponse_de_donnees(
        request,
        exports.octets(format, structures),
        type_mime=exports.FORMATS[format].mime,
        nom=f"annuaire-{timezone.localdate():%Y-%m-%d}.{format}",
        modifie_le=Structure.objects.publiees().derniere_modification(),
    )


@require_safe
def donnees_ouvertes(request):
    """The address that the page had when only the directory was open."""
    return redirect("donnees_ouvertes", permanent=True)
