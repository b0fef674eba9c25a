"""The demonstration's invented offers and needs. Nothing here is ever attached to a real structure."""

from ressources import categories

from . import annonces, benevolat, bilans, demandes, heures, mises_en_commun, urgences, vie


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
    bilans.charger(faites)
    return len(faites)
