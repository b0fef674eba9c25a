"""Jobs of the offers and needs, run by the worker; procrastinate finds those imported here."""

from . import imports

__all__ = ["imports"]
