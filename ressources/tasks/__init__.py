"""Jobs of the offers and needs, run by the worker; procrastinate finds those imported here."""

from . import imports, tournees

__all__ = ["imports", "tournees"]
