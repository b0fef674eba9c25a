"""One log line and one measure for each request."""

import logging
import time
from contextlib import ExitStack

from django.db import connections

from pole_ess.socle.masques import chemin_public

from . import compteurs

journal = logging.getLogger("pole_ess.acces")
SONDES = ("sante", "sante_prete", "metriques")
"""Machines ask for these each few seconds: a line only when the answer is bad."""
METHODES = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}


class AccesMiddleware:
    """Who (a number, never an address), what, how long; static files are answered before it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        debut, requetes = time.perf_counter(), _Compteur()
        with ExitStack() as pile:
            for alias in connections:
                pile.enter_context(connections[alias].execute_wrapper(requetes))
            reponse = self.get_response(request)
        _noter(request, reponse, time.perf_counter() - debut, requetes.nombre)
        return reponse


class _Compteur:
    nombre = 0

    def __call__(self, execute, sql, params, many, context):
        self.nombre += 1
        return execute(sql, params, many, context)


def _noter(request, reponse, duree: float, requetes: int) -> None:
    resolu = request.resolver_match
    vue = (resolu.view_name or resolu.func.__name__) if resolu else "introuvable"
    methode = request.method if request.method in METHODES else "AUTRE"
    compteurs.compter(vue, methode, reponse.status_code, duree)
    niveau = logging.DEBUG if vue in SONDES and reponse.status_code < 500 else logging.INFO
    if not journal.isEnabledFor(niveau):
        return
    extra = {
        "methode": methode,
        "chemin": chemin_public(request.path, resolu),
        "vue": vue,
        "statut": reponse.status_code,
        "duree_ms": round(duree * 1000),
        "sql": requetes,
        # Read by the view already, or nobody asks: a log line costs no query.
        "utilisateur": getattr(getattr(request, "_cached_user", None), "pk", None),
    }
    journal.log(niveau, "%(methode)s %(chemin)s %(statut)s %(duree_ms)s ms, %(sql)s requêtes", extra, extra=extra)
