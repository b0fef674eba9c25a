"""The demonstration's invented offers and needs. Nothing here is ever attached to a real structure."""

from ressources import categories

from . import annonces, demandes, heures, vie
from . import annonces, mises_en_commun, vie
from . import annonces, benevolat, vie
from . import annonces, urgences, vie


def charger() -> int:
    """Create what is missing; the number of announcements made. Run after annuaire's demonstration."""
    categories.charger()
    faites = annonces.charger()
    vie.raconter(faites)
    heures.charger()
    demandes.charger()
    mises_en_commun.charger()
    benevolat.charger()
    urgences.charger()
    return len(faites)
