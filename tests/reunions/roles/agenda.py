"""Rows of the shared agenda and of what goes out of it."""

from tests.factories.reunions import EvenementFactory, ReunionFactory
from tests.table_des_roles import ligne


def des_dates(monde):
    ReunionFactory()
    EvenementFactory(structure=monde.structure)
    return {}


FILTRES = "?q=essai&type=forum&type=pole-visite&commune=03310&km=20"
LIGNES = [
    ligne("reunions:agenda", "200", arguments=des_dates, requete=f"{FILTRES}&du=2027-03-12"),
    ligne("reunions:agenda_mois", "200", arguments=des_dates, requete=f"{FILTRES}&mois=2027-03"),
    ligne("reunions:flux", "200", arguments=des_dates, requete=FILTRES),
    ligne("reunions:flux_ics", "200", arguments=des_dates, requete=FILTRES),
]
