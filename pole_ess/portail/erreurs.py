"""Error pages: what happened, what was kept, what to do."""

import errno
import logging
import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django_guid import get_guid

from .connexion import mots_tapes

journal = logging.getLogger("pole_ess.place")
SANS_PLACE = "Le disque du portail est plein : ce fichier n'est pas enregistré. Prévenez l'équipe du pôle."


def requete_invalide(request, exception=None):
    return _page_seule("erreurs/400.html", 400)


def interdit(request, exception=None):
    return render(request, "erreurs/403.html", {"reference": reference()}, status=403)


def introuvable(request, exception=None):
    return render(request, "erreurs/404.html", {"reference": reference()}, status=404)


def trop_de_demandes(request, exception=None, secondes=300):
    """Too many acts in a row; `secondes`: after how long to try again."""
    reponse = render(request, "erreurs/429.html", {"attendre": secondes, "reference": reference()}, status=429)
    reponse["Retry-After"] = str(secondes)
    return reponse


def erreur_serveur(request):
    """Rendered without the request, the hub's settings nor the database: none may be the cause.

    Every uncaught exception comes here, those of a middleware or of saving the session too. A database that
    refuses or drops connections is a 503 that says when to try again; the next request connects afresh
    (CONN_HEALTH_CHECKS), so that the portal recovers by itself.
    """
    if disque_plein(sys.exc_info()[1]):
        return _page_seule("erreurs/507.html", 507)
    if base_muette(sys.exc_info()[1]):
        reponse = _page_seule("erreurs/503.html", 503)
        reponse["Retry-After"] = "30"
        return reponse
    return _page_seule("erreurs/500.html", 500)


def disque_plein(exception) -> bool:
    """No room left for a file, whatever was made of that error on its way up."""
    while exception is not None:
        if isinstance(exception, OSError) and exception.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        exception = exception.__cause__ or exception.__context__
    return False


def plus_de_place(request):
    """What was typed is given back: nothing of the form was written, its act being one transaction (RFC 4918, 11.5)."""
    journal.exception("plus de place pour un fichier")
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"dit": SANS_PLACE}, status=507)
    reponse = _page_seule("erreurs/507.html", 507, mots=mots_tapes(request))
    reponse["Cache-Control"] = "private, no-store"
    return reponse


def base_muette(exception) -> bool:
    """A connection refused or lost; not a deadlock or a lock timeout, which a live database answers.

    PostgreSQL's codes (appendix A): 08 connection, 53300 too many connections, 57P01 to 57P03 shutting down
    or starting; none at all when nothing answered.
    """
    if not isinstance(exception, OperationalError | InterfaceError):
        return False
    code = getattr(exception.__cause__, "sqlstate", None) or ""
    return code in ("", "53300", "57P01", "57P02", "57P03") or code.startswith("08")


def csrf(request, reason=""):
    """An expired or missing form token: the page says how to get the typed text back."""
    return render(request, "erreurs/csrf.html", {"retour": request.path}, status=403)


def reference() -> str:
    """What a visitor reads to the staff: the first signs of the request's id, by which the logs are searched."""
    return (get_guid() or "")[:8]


def _page_seule(gabarit, statut, **reste):
    contexte = {"portail_url": settings.PORTAIL_URL, "reference": reference(), "mots": (), **reste}
    return HttpResponse(render_to_string(gabarit, contexte), status=statut)
