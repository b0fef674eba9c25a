"""Matching needs with offers: candidates by SQL, then a score whose every part is said in words."""

from .accord import Accord
from .moteur import chercher, chercher_tous

__all__ = ["Accord", "chercher", "chercher_tous"]
