"""The search of offers and needs: one reading of the URL for the list, its feed and the saved alerts."""

from .criteres import Criteres
from .resultat import Resultat, chercher

__all__ = ["Criteres", "Resultat", "chercher"]
