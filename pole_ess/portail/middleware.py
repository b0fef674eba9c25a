"""The outer layer's answers to what the inner ones raise."""

from pole_ess.socle.limites import LimiteDepassee

from .connexion import connexion_perdue, mene_a_la_connexion
from .erreurs import disque_plein, plus_de_place, trop_de_demandes


class VisiteurMiddleware:
    """Under /api/ and /integre/ nobody is logged in: cookies are not read, none is set, answers may be shared.

    Before the session's middleware. Another site's page may show or read these answers in a member's browser.
    """

    CHEMINS = ("/api/", "/integre/")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith(self.CHEMINS):
            return self.get_response(request)
        request.COOKIES = {}
        reponse = self.get_response(request)
        reponse.cookies.clear()
        autres = [nom for nom in reponse.headers.get("Vary", "").split(", ") if nom not in ("", "Cookie")]
        del reponse["Vary"]
        if autres:
            reponse["Vary"] = ", ".join(autres)
        return reponse


class LimiteMiddleware:
    """A limit that a view did not say in its own form becomes the 429 page, with how long to wait."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, LimiteDepassee):
            return trop_de_demandes(request, secondes=exception.secondes)
        return None


class PlaceMiddleware:
    """A full disk is said in French by the page that gives back what was typed, whichever form it was."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return plus_de_place(request) if disque_plein(exception) else None


class ConnexionMiddleware:
    """A session that ended while somebody was at work: the login leads back to their page, nothing typed is lost.

    Acts on the answer, for every view: login_required makes a POST's own address `next`, where a GET may be refused
    (405), download a file or show a fragment of a page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        lecture = request.method in ("GET", "HEAD") and not request.htmx
        if lecture or not mene_a_la_connexion(response):
            return response
        return connexion_perdue(request, response)
