"""Jobs of the offers and needs, run by the worker; procrastinate finds those imported here."""

from . import alertes, imports, rapprochements, relations, tournees

__all__ = ["alertes", "imports", "rapprochements", "relations", "reservations", "tournees"]
