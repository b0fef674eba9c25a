"""The directory's search: one reading of the URL, one filter, for the list, the map and the exports alike."""

from .criteres import Criteres
from .resultat import Resultat, chercher

__all__ = ["Criteres", "Resultat", "chercher"]
