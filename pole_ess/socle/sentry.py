"""Errors told to a Sentry-compatible tracker, by settings (SENTRY_DSN, extra `sentry`); nothing without them.

What leaves says which code failed, for which route and which request id: no address, no typed text, no token, no
local variable. The tracker is another service: what it does not get, it cannot lose. `send_default_pii` is left at its
default, False, since newer versions warn of whoever writes it.
"""

import importlib.util

from django.conf import settings
from django_guid import get_guid

from .journal import travail_en_cours
from .masques import chemin_public, masquer

ENTETES = ("User-Agent", "Content-Type", "Accept-Language", "Hx-Request")
"""Of a request's headers, those that help and name nobody."""


def installe() -> bool:
    return importlib.util.find_spec("sentry_sdk") is not None


def demarrer(**options) -> bool:
    """In AppConfig.ready: True when errors will be told. `options` of sentry_sdk.init come on top (tests)."""
    if not settings.SENTRY_DSN or not installe():
        return False
    import sentry_sdk
    from sentry_sdk.integrations.django import DjangoIntegration

    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        environment=settings.SENTRY_ENVIRONNEMENT,
        include_local_variables=False,
        max_request_body_size="never",
        traces_sample_rate=0,
        auto_session_tracking=False,
        integrations=[DjangoIntegration(transaction_style="function_name", middleware_spans=False)],
        before_send=epurer,
        before_breadcrumb=_epurer_trace,
        **options,
    )
    return True


def epurer(evenement: dict, indice: dict) -> dict:
    """The event without what names a person or opens a page; with the id by which the logs are searched."""
    evenement.pop("user", None)
    requete = evenement.get("request") or {}
    if requete:
        gardes = {nom: v for nom, v in (requete.get("headers") or {}).items() if nom.title() in ENTETES}
        chemin = "/" + requete.get("url", "").split("://")[-1].partition("/")[2].partition("?")[0]
        evenement["request"] = {"method": requete.get("method"), "url": chemin_public(chemin), "headers": gardes}
    evenement.setdefault("tags", {})
    if get_guid():
        evenement["tags"]["requete"] = get_guid()
    if travail_en_cours.get():
        evenement["tags"]["travail"] = travail_en_cours.get()
    return _masquer(evenement)


def _epurer_trace(trace: dict, indice: dict) -> dict | None:
    """SQL and outgoing calls hold values; log lines are masked as in the logs."""
    return _masquer(trace) if trace.get("type") == "log" or trace.get("category") == "log" else None


def _masquer(valeur):
    """Every text of the event, whatever its place."""
    if isinstance(valeur, str):
        return masquer(valeur)
    if isinstance(valeur, dict):
        return {cle: _masquer(contenu) for cle, contenu in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [_masquer(contenu) for contenu in valeur]
    return valeur
