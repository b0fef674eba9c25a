"""Bad requests are answered before they reach a view."""


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
            from pole_ess.portail.erreurs import requete_invalide

            return requete_invalide(request)
        return self.get_response(request)


def _malsain(texte: str) -> bool:
    return "\x00" in texte or any("\ud800" <= lettre <= "\udfff" for lettre in texte)
