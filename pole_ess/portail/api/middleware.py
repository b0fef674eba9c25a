"""What surrounds every answer under /api/: nobody is logged in, anybody may read, nothing is ever a page."""

from django.conf import settings
from django.http import HttpResponse
from django.middleware.http import ConditionalGetMiddleware

from pole_ess.socle.limites import LimiteDepassee, adresse_reseau, compter

from .erreurs import erreur

RACINE = "/api/"
LECTURE = "GET, HEAD, OPTIONS"
CORS = {
    # Public and read-only, without credentials: any page of any site may read it (Fetch, « CORS protocol »).
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After",
}
APPEL = {
    "Access-Control-Allow-Methods": LECTURE,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}
FRAICHE = "public, max-age=60"


class ApiMiddleware:
    """Methods, rate limit, conditional requests, CORS and errors of the API, whatever view or middleware answered."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith(RACINE):
            return self.get_response(request)
        reponse = self._repondre(request)
        for nom, valeur in CORS.items():
            reponse[nom] = valeur
        return reponse

    def _repondre(self, request):
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=APPEL | {"Allow": LECTURE})
        if request.method not in ("GET", "HEAD"):
            reponse = erreur(405)
            reponse["Allow"] = LECTURE
            return reponse
        methode, request.method = request.method, "GET"  # a HEAD is a GET whose body the server does not send
        reponse = self.get_response(request)
        if reponse.status_code >= 400:
            reponse = _en_json(reponse)
        elif reponse.status_code == 200:
            reponse["Cache-Control"] = FRAICHE
            reponse = ConditionalGetMiddleware(lambda _: reponse).process_response(request, reponse)
        request.method = methode
        return reponse

    def process_view(self, request, vue, arguments, noms):
        """Counted once an address is known to be one; an unknown one costs nothing."""
        if not request.path_info.startswith(RACINE):
            return None
        try:
            compter(f"api:{adresse_reseau(request)}", maximum=settings.API_PAR_MINUTE, secondes=60)
        except LimiteDepassee as limite:
            reponse = erreur(429)
            reponse["Retry-After"] = str(limite.secondes)
            return reponse
        return None


def _en_json(reponse):
    """The same status and instructions, without the page."""
    if reponse.headers.get("Content-Type", "").startswith("application/json"):
        return reponse
    autre = erreur(reponse.status_code)
    for nom in ("Retry-After", "Allow"):
        if nom in reponse.headers:
            autre[nom] = reponse[nom]
    return autre
