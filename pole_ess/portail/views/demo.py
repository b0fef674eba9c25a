"""/demo/courrier/: every mail of the demonstration, for anyone. Mounted, and answering, in the demonstration only."""

from functools import wraps

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pole_ess.socle import boite_demo
from pole_ess.socle.cadre import cadre_de_lettre, reponse_de_courriel

PAR_PAGE = 25


def en_demonstration(vue):
    """404 anywhere else, should the routes be mounted by mistake: login codes are readable here."""

    @wraps(vue)
    def gardee(request, *args, **kwargs):
        if not settings.DEMO:
            raise Http404
        return vue(request, *args, **kwargs)

    return never_cache(require_safe(gardee))


@en_demonstration
def courrier(request):
    cherche = request.GET.get("a", "").strip()
    noms = boite_demo.noms()
    if cherche:
        page = Paginator(boite_demo.lettres(noms, destinataire=cherche), PAR_PAGE).get_page(request.GET.get("page"))
        lettres = page.object_list
    else:
        page = Paginator(noms, PAR_PAGE).get_page(request.GET.get("page"))
        lettres = boite_demo.lettres(page.object_list)
    return render(request, "demo/courrier.html", {"page": page, "lettres": lettres, "cherche": cherche})


@en_demonstration
def message(request, nom):
    return render(request, "demo/message.html", {"lettre": _lettre(nom)})


@cadre_de_lettre
@en_demonstration
def message_html(request, nom):
    return reponse_de_courriel(_lettre(nom).html)


def _lettre(nom):
    lettre = boite_demo.lire(nom)
    if lettre is None:
        raise Http404
    return lettre
