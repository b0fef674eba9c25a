"""Rows of the search of offers and needs, its feed and the saved alerts."""

from pole_ess.socle import liens
from ressources.models import Alerte
from tests.table_des_roles import ligne


def alerte(monde):
    """The référent's."""
    return Alerte.objects.create(utilisateur=monde.roles["referent"], nom="Chaises", criteres="q=chaises")


LIGNES = [
    ligne("ressources:annonce_liste", "200", requete="?q=chaises&nature=materiel&du=2027-03-12&vue=liste"),
    ligne("ressources:annonce_flux", "200", requete="?q=chaises&nature=materiel"),
    ligne("ressources:alertes", "login 200 200 200 200 200", "login 405 405 405 405 405"),
    ligne(
        "ressources:alerte_creer",
        "login 200 200 200 200 200",
        "login ok ok ok ok ok",
        requete="?q=chaises",
        donnees=lambda monde, role: {"nom": "Chaises", "frequence": "quotidienne"},
    ),
    ligne(
        "ressources:alerte_modifier",
        "login 404 404 200 404 404",
        "login 404 404 ok 404 404",
        arguments=lambda monde: {"pk": alerte(monde).pk},
        donnees=lambda monde, role: {"nom": "Tables", "frequence": "quotidienne", "active": "on"},
    ),
    ligne(
        "ressources:alerte_arreter",
        "200",
        "200+",
        arguments=lambda monde: {"jeton": liens.signer("alerte", {"a": alerte(monde).pk})},
    ),
]
