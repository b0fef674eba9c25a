"""Jobs of the offers and needs, run by the worker; procrastinate finds those imported here."""

from . import alertes, annonces, heures, imports, rapprochements, relations, reservations, tournees

__all__ = ["alertes", "annonces", "heures", "imports", "rapprochements", "relations", "reservations", "tournees"]
