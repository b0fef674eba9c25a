"""Old addresses of structures lead to the new ones, whatever page of theirs was asked for."""

from django.http import HttpResponsePermanentRedirect
from django.urls import reverse


class AnciennesAdressesMiddleware:
    """Turn a 404 on an old slug into a permanent redirect to the same page of the structure that has it now.

    Acts on the answer, so that every view under /annuaire/<slug>/ gets it without a line of its own. Only a
    GET is redirected (a POST would lose its body), and only towards a structure that this user may see: an
    unpublished one stays unknown.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        route = getattr(request, "resolver_match", None)
        if route is None or route.app_name != "annuaire" or "slug" not in route.kwargs:
            return response
        return self._rediriger(request, route) or response

    def _rediriger(self, request, route):
        from annuaire.models import Structure

        structure = (
            Structure.objects.visibles_par(request.user)
            .filter(anciennes_adresses__slug=route.kwargs["slug"])
            .only("slug")
            .first()
        )
        if structure is None or structure.slug == route.kwargs["slug"]:
            return None
        adresse = reverse(route.view_name, kwargs={**route.kwargs, "slug": structure.slug})
        requete = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{adresse}?{requete}" if requete else adresse)
