"""iCalendar feeds, behind a secret address: agendas do not log in."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import http_date
from django.views.decorators.http import conditional_page, require_safe

from ressources import agendas
from ressources.models import Calendrier, ReglagesStructure


@require_safe
@conditional_page
def ressource(request, jeton):
    """The bookings and closures of one resource."""
    calendriers = Calendrier.objects.exclude(annonce__etat="archivee").select_related("annonce__commune")
    calendrier = get_object_or_404(calendriers, jeton_agenda=jeton)
    return _reponse(*agendas.de_ressource(calendrier))


@require_safe
@conditional_page
def structure(request, jeton):
    """What a structure lends and borrows."""
    reglages = ReglagesStructure.objects.exclude(structure__etat__in=["archivee", "refusee"])
    reglages = get_object_or_404(reglages.select_related("structure"), jeton_agenda=jeton)
    return _reponse(*agendas.de_structure(reglages.structure))


def _reponse(octets, modifie_le) -> HttpResponse:
    """The address is a secret: in no shared cache, no referrer, no search engine."""
    reponse = HttpResponse(octets, content_type="text/calendar; charset=utf-8")
    reponse["Last-Modified"] = http_date(modifie_le.timestamp())
    reponse["Cache-Control"] = "private, no-cache"
    reponse["Referrer-Policy"] = "no-referrer"
    reponse["X-Robots-Tag"] = "noindex, nofollow"
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Content-Disposition"] = 'inline; filename="reservations.ics"'
    return reponse
