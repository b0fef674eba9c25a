"""Bad requests are answered before they reach a view."""

from django.core.exceptions import BadRequest


class RequeteSaineMiddleware:
    """Refuse what PostgreSQL cannot hold: NUL and lone surrogates in the path or the query.

    They would otherwise be a DataError or a UnicodeEncodeError, hence a 500, in any view that filters on them.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if _malsain(request.path) or any(
            _malsain(cle) or any(_malsain(valeur) for valeur in valeurs) for cle, valeurs in request.GET.lists()
        ):
            raise BadRequest("NUL or lone surrogate in the path or the query")
        return self.get_response(request)


def _malsain(texte: str) -> bool:
    return "\x00" in texte or any("\ud800" <= lettre <= "\udfff" for lettre in texte)
