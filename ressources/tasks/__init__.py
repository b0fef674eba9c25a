"""Jobs of the offers and needs, run by the worker; procrastinate finds those imported here."""

from . import alertes, imports, relations, tournees

__all__ = ["alertes", "imports", "relations", "tournees"]
