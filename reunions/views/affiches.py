"""Posters: what anyone who sees the page may print."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from pole_ess.socle.documents import pdf, reponse_pdf
from pole_ess.socle.limites import adresse_reseau, compter
from pole_ess.socle.models import ReglagesPole
from reunions import affiche as affiches
from reunions.models import Evenement, Reunion
from reunions.views._acces import reunion_visible

AFFICHES_MAX, PERIODE = 60, 600
"""Posters per network and seconds."""


@require_safe
def affiche(request, pk):
    """`?format=`: a4, a3, gros. None without a date, nor for what is cancelled: nobody should pin it up."""
    reunion = reunion_visible(request, pk, Reunion.objects.select_related("commune").prefetch_related("points"))
    if reunion.debut is None or reunion.etat == Reunion.Etat.ANNULEE:
        raise Http404
    return _reponse(request, reunion, affiches.de_la_rencontre)


@require_safe
def evenement_affiche(request, pk):
    """An event of the shared agenda, once it is published."""
    publies = Evenement.objects.publies().filter(etat=Evenement.Etat.PUBLIE)
    return _reponse(
        request, get_object_or_404(publies.select_related("commune", "structure"), pk=pk), affiches.de_l_evenement
    )


def _reponse(request, objet, donnees):
    if request.method == "GET":
        compter(f"affiche:{adresse_reseau(request)}", maximum=AFFICHES_MAX, secondes=PERIODE)
    format_papier = affiches.format_demande(request.GET)
    octets = pdf("affiche", donnees(objet, pole=ReglagesPole.actuels(), format=format_papier))
    return reponse_pdf(octets, f"affiche-{objet.titre}-{format_papier}")
