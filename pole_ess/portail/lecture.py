"""Which requests read the replica: public pages, asked by who has written nothing that it does not have yet."""

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import InterfaceError, OperationalError, connections

from pole_ess.socle import aiguillage

SURES = ("GET", "HEAD")
DERNIERE_ECRITURE = "derniere_ecriture"
"""Key of the session: where the primary's journal was after the last act of this visitor or member."""

PAGES = {
    "accueil",
    "plan_du_site",
    "plan_partiel",
    "mentions_legales",
    "donnees_personnelles",
    "accessibilite",
    "registre_traitements",
    "donnees_ouvertes",
    "api_documentation",
    "integrer",
    "aide",
    "annuaire:structure_liste",
    "annuaire:carte_points",
    "annuaire:communes_suggestions",
    "annuaire:export",
    "annuaire:couverture",
    "annuaire:structure_detail",
    "annuaire:vcard",
    "annuaire:carte_partage",
    "ressources:annonce_liste",
    "ressources:annonce_flux",
    "ressources:annonce_detail",
    "ressources:chiffres",
    "ressources:ensemble",
    "ressources:mise_en_commun",
    "ressources:benevolat",
    "ressources:mission",
    "reunions:agenda",
    "reunions:agenda_mois",
    "reunions:flux",
    "reunions:flux_ics",
    "reunions:evenement_detail",
    "reunions:evenement_ics",
    "reunions:reunion_detail",
    "reunions:reunion_ics",
    "reunions:compte_rendu",
    "reunions:compte_rendu_fichier",
    "reunions:comparaison",
    "reunions:atelier_resultats",
    "reunions:actions",
    "reunions:action_detail",
    "reunions:projets",
    "reunions:projet_detail",
    "newsletter:archives",
    "newsletter:flux",
    "newsletter:numero",
    "newsletter:breves",
    "newsletter:breves_flux",
    "newsletter:breve",
}
"""Names of pages that any visitor may read and that change slowly. A page that is not here reads the primary: forms,
signed links (followed seconds after the act that sent them), the live workshop, accounts, the admin."""


class LectureMiddleware:
    """The last middleware, so that it calls the view itself: read on the replica, or else on the primary.

    Whatever goes wrong on the replica (down, a row not there yet, hence a 404), the view runs again on the primary:
    a GET changes nothing, so twice is harmless, and its answer is the one that counts.
    """

    def __init__(self, get_response):
        if aiguillage.REPLIQUE not in connections.settings:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in SURES and response.status_code < 400:
            _retenir(request)
        return response

    def process_view(self, request, view, arguments, options):
        if not lit_la_replique(request):
            return None
        with aiguillage.sur_la_replique():
            try:
                response = view(request, *arguments, **options)
                if hasattr(response, "render"):
                    response.render()
            except (OperationalError, InterfaceError) as erreur:
                if not connections[aiguillage.REPLIQUE].is_usable():
                    aiguillage.replique.en_panne(erreur)
                return None
            except Exception:  # the primary says whether it is one
                return None
        return response if response.status_code < 400 else None


def lit_la_replique(request) -> bool:
    if request.method not in SURES or request.resolver_match.view_name not in PAGES:
        return False
    depuis = 0
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        if request.user.is_staff:
            return False
        depuis = request.session.get(DERNIERE_ECRITURE, 0)
    return aiguillage.replique.peut_servir(depuis)


def _retenir(request) -> None:
    """After an act, this browser reads the primary until the replica has that act.

    Without any cookie it is a machine's call, which keeps none; a session just closed is not opened again.
    """
    a_une_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    if not a_une_session and settings.CSRF_COOKIE_NAME not in request.COOKIES:
        return
    if a_une_session and request.session.is_empty():
        return
    request.session[DERNIERE_ECRITURE] = aiguillage.position()
