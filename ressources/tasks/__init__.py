"""Jobs of the offers and needs, run by the worker; procrastinate finds those imported here."""

from . import alertes, annonces, demandes, heures, imports, rapprochements, relations, reservations, tournees

__all__ = [
    "alertes",
    "annonces",
    "demandes",
    "heures",
    "imports",
    "rapprochements",
    "relations",
    "reservations",
    "tournees",
]
