"""The outer layer's answers to what the inner ones raise."""

from pole_ess.socle.limites import LimiteDepassee

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
