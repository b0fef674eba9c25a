"""What a request that needs an account gets without one, when it is not a mere page to read."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

MOTS_MAX = 60
"""Values given back at most."""
PLUS_CONNECTE = "Vous n'êtes plus connecté. Votre texte reste sur cette page et dans ce navigateur."


def mene_a_la_connexion(reponse) -> bool:
    """Whether a view asks for the login before it does anything."""
    return reponse.status_code == 302 and reponse["Location"].startswith(f"{resolve_url(settings.LOGIN_URL)}?next=")


def connexion_perdue(request, reponse):
    """For a script a sentence (401), for a form its words to copy (401), for a tap of htmx the whole login page.

    Without words the redirect stays; everywhere `next` is the page that was open, not the address of its button.
    A suggestion that htmx asks for while somebody types is refused and no more: their page must not go away.
    """
    page = _page_ouverte(request)
    connexion = redirect_to_login(page).url if page else reponse["Location"]
    if request.htmx:
        suite = {} if request.method in ("GET", "HEAD") else {"HX-Redirect": connexion}
        return HttpResponse(status=401, headers=suite | DEFI)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"dit": PLUS_CONNECTE, "connexion": connexion}, status=401, headers=DEFI)
    if mots := mots_tapes(request):
        contexte = {"connexion": connexion, "mots": mots}
        rendus = render(request, "erreurs/connexion.html", contexte, status=401)
        for nom, valeur in (DEFI | {"Cache-Control": "private, no-store"}).items():
            rendus[nom] = valeur
        return rendus
    reponse["Location"] = connexion
    return reponse


DEFI = {"WWW-Authenticate": 'Formulaire realm="portail"'}
"""A 401 must say how to log in (RFC 9110, 15.5.2); browsers ignore a scheme of this name and show the page."""


def _page_ouverte(request) -> str:
    """Path and query of the page that sent this request, when it is ours; empty when unknown."""
    if request.htmx:
        return request.htmx.current_url_abs_path or ""
    venue = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(venue, {request.get_host()}, require_https=request.is_secure()):
        return ""
    lue = urlsplit(venue)
    return f"{lue.path}?{lue.query}" if lue.query else lue.path


def mots_tapes(request) -> list[str]:
    """What was typed in sentences: a single word, a number or a choice is typed again as fast. Never a password."""
    return [
        valeur
        for nom, valeurs in request.POST.lists()
        if "password" not in nom
        for valeur in valeurs
        if len(valeur.split()) > 1
    ][:MOTS_MAX]
