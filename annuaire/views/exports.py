"""The directory's open data: files, and the page that says what they hold."""

from django.http import Http404, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from annuaire import exports, recherche
from annuaire.models import Structure
from pole_ess.socle.limites import adresse_reseau, compter

EXPORTS_MAX, PERIODE = 30, 600
"""Files per network and seconds: enough for a class, not for a harvester gone wrong."""


@require_safe
def export(request, format):
    """The search of the URL as a file: the same structures as the list, what any visitor may read of them."""
    if format not in exports.FORMATS:
        raise Http404
    if request.method == "GET":
        compter(f"export:{adresse_reseau(request)}", maximum=EXPORTS_MAX, secondes=PERIODE)
    structures = recherche.chercher(request.GET, request.user).queryset.filter(etat=Structure.Etat.PUBLIEE)
    morceaux = exports.octets(format, structures) if request.method == "GET" else ()
    reponse = StreamingHttpResponse(morceaux, content_type=exports.FORMATS[format].mime)
    nom = f"annuaire-{timezone.localdate():%Y-%m-%d}.{format}"
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


@require_safe
def donnees_ouvertes(request):
    publiees = Structure.objects.publiees()
    derniere = publiees.order_by("-modifie_le", "-pk").values_list("modifie_le", flat=True).first()
    contexte = {
        "etapes": [("Annuaire", reverse("annuaire:structure_liste"))],
        "formats": exports.FORMATS.values(),
        "colonnes": exports.COLONNES,
        "total": publiees.count(),
        "derniere": derniere,
        "attendre_apres": EXPORTS_MAX,
        "minutes": PERIODE // 60,
    }
    return render(request, "annuaire/donnees_ouvertes.html", contexte)
