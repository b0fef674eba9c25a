"""Jobs of the offers and needs, run by the worker; procrastinate finds those imported here."""

from . import (
    alertes,
    annonces,
    benevolat,
    demandes,
    heures,
    imports,
    mises_en_commun,
    rapprochements,
    relations,
    reservations,
    tournees,
    urgences,
)

__all__ = [
    "alertes",
    "annonces",
    "benevolat",
    "demandes",
    "heures",
    "imports",
    "mises_en_commun",
    "rapprochements",
    "relations",
    "reservations",
    "tournees",
    "urgences",
]
