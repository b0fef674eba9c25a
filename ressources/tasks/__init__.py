"""Jobs of the offers and needs, run by the worker; procrastinate finds those imported here."""

from . import alertes, annonces, demandes, heures, imports, rapprochements, relations, reservations, tournees
from . import alertes, annonces, imports, mises_en_commun, rapprochements, relations, reservations, tournees

__all__ = [
    "alertes",
    "annonces",
    "demandes",
    "heures",
    "imports",
    "imports",
    "mises_en_commun",
    "rapprochements",
    "relations",
    "reservations",
    "tournees",
]
from . import alertes, annonces, benevolat, imports, rapprochements, relations, reservations, tournees

__all__ = ["alertes", "annonces", "benevolat", "imports", "rapprochements", "relations", "reservations", "tournees"]
from . import alertes, annonces, imports, rapprochements, relations, reservations, tournees, urgences

__all__ = ["alertes", "annonces", "imports", "rapprochements", "relations", "reservations", "tournees", "urgences"]
