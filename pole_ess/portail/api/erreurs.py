"""Errors of the API: JSON with a code for programs and a French sentence for people; never a page."""

from django.conf import settings
from django.http import Http404, JsonResponse
from django.urls import reverse
from ninja.errors import ValidationError

CODES = {
    400: ("demande_invalide", "Cette demande n'est pas lisible."),
    403: ("interdit", "Cette adresse n'est pas ouverte."),
    404: ("introuvable", "Il n'y a rien à cette adresse."),
    405: ("methode_refusee", "Cette API se lit seulement : GET ou HEAD."),
    429: ("trop_de_demandes", "Trop de demandes depuis votre réseau. Attendez le nombre de secondes de Retry-After."),
    500: ("erreur", "Le portail a rencontré une erreur. Elle est notée ; réessayez plus tard."),
    503: ("indisponible", "Le portail est arrêté pour un moment. Réessayez après le délai de Retry-After."),
}
"""Status -> code and sentence, when nothing more precise is known."""


class ParametreInvalide(Exception):
    """A value that is well formed and means nothing here: an unknown commune, an unknown activity."""

    def __init__(self, parametre: str, message: str):
        self.parametre, self.message = parametre, message
        super().__init__(parametre, message)


class PageInconnue(Exception):
    """A page after the last one."""


def erreur(statut: int, *, code: str = "", message: str = "", details=None) -> JsonResponse:
    """`details`: one {parametre, message} per wrong parameter."""
    code_usuel, message_usuel = CODES.get(statut, CODES[400] if statut < 500 else CODES[500])
    corps = {
        "code": code or code_usuel,
        "message": message or message_usuel,
        "documentation": f"{settings.PORTAIL_URL}{reverse('api_documentation')}",
    }
    if details:
        corps["details"] = details
    reponse = JsonResponse(corps, status=statut, json_dumps_params={"ensure_ascii": False})
    reponse["Cache-Control"] = "no-store"
    return reponse


def parametres_invalides(details: list[dict]) -> JsonResponse:
    noms = ", ".join(f"«\u00a0{detail['parametre']}\u00a0»" for detail in details)
    return erreur(400, code="parametre_invalide", message=f"À corriger dans l'adresse : {noms}.", details=details)


MESSAGES = {
    "int_parsing": "Écrivez un nombre entier.",
    "int_parsing_size": "Ce nombre est trop grand.",
    "float_parsing": "Écrivez un nombre, avec un point pour les décimales.",
    "decimal_parsing": "Écrivez un nombre, avec un point pour les décimales.",
    "finite_number": "Écrivez un nombre, avec un point pour les décimales.",
    "bool_parsing": "Écrivez « true » ou « false ».",
    "greater_than_equal": "{ge} au moins.",
    "greater_than": "Plus de {gt}.",
    "less_than_equal": "{le} au plus.",
    "literal_error": "Une de ces valeurs : {expected}.",
    "string_too_long": "{max_length} caractères au plus.",
    "string_pattern_mismatch": "Cette valeur n'a pas la forme attendue.",
    "too_long": "{max_length} valeurs au plus.",
    "missing": "Cette valeur est obligatoire.",
}
"""pydantic's kinds of error -> what to do."""
DATE = "Écrivez une date : 2027-03-12."


def dire(une: dict) -> dict:
    """One error of pydantic as {parametre, message}, in French."""
    sorte, contexte = une["type"], dict(une.get("ctx") or {})
    if "expected" in contexte:
        contexte["expected"] = contexte["expected"].replace("'", "").replace(" or ", ", ")
    gabarit = DATE if sorte.startswith("date") else MESSAGES.get(sorte, "Cette valeur ne va pas.")
    noms = [str(morceau) for morceau in une["loc"] if isinstance(morceau, str)]
    return {"parametre": noms[-1], "message": gabarit.format(**contexte)}


def poser(api) -> None:
    """The API's own handlers; the rest reaches Django's, which ApiMiddleware turns into JSON."""

    @api.exception_handler(ValidationError)
    def _mal_ecrits(request, exception):
        return parametres_invalides([dire(une) for une in exception.errors])

    @api.exception_handler(ParametreInvalide)
    def _sans_objet(request, exception):
        return parametres_invalides([{"parametre": exception.parametre, "message": exception.message}])

    @api.exception_handler(Http404)
    def _introuvable(request, exception):
        return erreur(404)

    @api.exception_handler(PageInconnue)
    def _page_inconnue(request, exception):
        return erreur(404, code="page_inconnue", message="Il n'y a pas tant de pages : suivez le lien « suivant ».")
