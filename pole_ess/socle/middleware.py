"""Bad requests are answered before they reach a view."""

import codecs

from django.core.exceptions import BadRequest


class TemoinsSainsMiddleware:
    """Forget cookies that hold NUL (written \\000 between quotes): the portal never made them.

    Before the session's middleware, which would look such a key up in PostgreSQL: a DataError on every page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.COOKIES = {nom: valeur for nom, valeur in request.COOKIES.items() if not _malsain(nom + valeur)}
        return self.get_response(request)


class RequeteSaineMiddleware:
    """Refuse what PostgreSQL cannot hold: NUL and lone surrogates in the path or the query.

    They would otherwise be a DataError or a UnicodeEncodeError, hence a 500, in any view that filters on them.
    The same for a form said to be in another charset than UTF-8, which no page of ours sends: Python's codecs
    include some that make lone surrogates (unicode_escape, utf-7) and some that decode no text (hex, zlib).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            raise BadRequest("a charset that no page of the portal sends")
        if _malsain(request.path) or any(
            _malsain(cle) or any(_malsain(valeur) for valeur in valeurs) for cle, valeurs in request.GET.lists()
        ):
            raise BadRequest("NUL or lone surrogate in the path or the query")
        return self.get_response(request)


def _malsain(texte: str) -> bool:
    return "\x00" in texte or any("\ud800" <= lettre <= "\udfff" for lettre in texte)
