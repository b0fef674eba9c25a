"""For machines that watch the portal, and for the staff."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from pole_ess.portail.sante import constats, mesures, surveillance
from pole_ess.portail.sante.attente import DROIT


@never_cache
@require_safe
def sante(request):
    """This process answers: whatever it needs may be down, starting it again would mend nothing."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def sante_prete(request):
    """The whole portal works: 503 when any point is a failure; `?points=base,migrations` asks for those only.

    The state alone for anybody; what and since when for staff and for the machines that watch.
    """
    demandes = request.GET.get("points", "")
    cles = set(demandes.split(",")) if demandes else set(constats.POINTS)
    if not cles <= constats.POINTS.keys():
        return JsonResponse({"erreur": f"points : {', '.join(constats.POINTS)}"}, status=400)
    vus = constats.examiner(cles)
    etat = constats.pire(vus)
    corps = {"etat": etat}
    if _voit_les_details(request):
        corps["points"] = [constat.en_dict() for constat in vus]
    reponse = JsonResponse(corps, json_dumps_params={"ensure_ascii": False})
    if etat in (constats.PANNE, constats.INCONNU):
        reponse.status_code = 503
        reponse["Retry-After"] = "30"
        reponse._has_been_logged = True  # asked each few seconds: django.request would write an error each time
    return reponse


def _voit_les_details(request) -> bool:
    """A session cannot be read while the database is down: the addresses and the token still count."""
    if surveillance.permise(request):
        return True
    try:
        return request.user.is_staff and request.user.has_perm(DROIT)
    except DatabaseError:
        return False


@never_cache
@require_safe
def metriques(request):
    """Not there, for whoever may not read it."""
    if not surveillance.permise(request):
        raise Http404
    return HttpResponse(mesures.page(), content_type=CONTENT_TYPE_LATEST)


@never_cache
@require_safe
def sante_equipe(request):
    """« Santé du portail », in the admin."""
    if not request.user.has_perm(DROIT):
        raise PermissionDenied
    vus = constats.examiner()
    contexte = {
        **admin.site.each_context(request),
        "title": "Santé du portail",
        "constats": sorted(vus, key=lambda constat: ORDRE.index(constat.etat)),
        "etat": constats.pire(vus),
        "maintenant": timezone.now(),
    }
    return render(request, "admin/sante.html", contexte)


ORDRE = (constats.PANNE, constats.INCONNU, constats.ATTENTION, constats.BON)
