"""Showing the HTML of a mail in a frame of a page, without trusting it."""

from functools import wraps

from csp.decorators import csp
from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin

_POLITIQUE = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "form-action": ["'none'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}
"""Mails carry their styles inline, so only here are they allowed; no script, no image from elsewhere (it would
tell its sender that the mail was read), no form. Links open in a window of their own."""


def cadre_de_courriel(vue):
    """Decorator of a view that returns a mail's HTML for an <iframe sandbox>; see _POLITIQUE."""
    return csp(_POLITIQUE)(xframe_options_sameorigin(vue))


def cadre_de_lettre(vue):
    """The same for a letter that we write ourselves: its pictures are the portal's own.

    By its address: in a sandbox, « self » is nobody.
    """

    @wraps(vue)
    def encadree(request, *args, **kwargs):
        politique = {**_POLITIQUE, "img-src": [settings.PORTAIL_URL, "data:"]}
        return csp(politique)(xframe_options_sameorigin(vue))(request, *args, **kwargs)

    return encadree


def reponse_de_courriel(html: str) -> HttpResponse:
    reponse = HttpResponse(html, content_type="text/html; charset=utf-8")
    reponse["Cache-Control"] = "no-store"
    reponse["Referrer-Policy"] = "no-referrer"
    return reponse
