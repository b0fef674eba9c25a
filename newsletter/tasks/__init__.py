"""Jobs of the letter, run by the worker; procrastinate finds those imported here."""

from . import abonnements, envois, rappels

__all__ = ["abonnements", "envois", "rappels"]
