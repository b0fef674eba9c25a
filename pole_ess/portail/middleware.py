"""The outer layer's answers to what the inner ones raise."""

from pole_ess.socle.limites import LimiteDepassee

from .connexion import connexion_perdue, mene_a_la_connexion
from .erreurs import trop_de_demandes


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
