from .compteur import Compteur
from .courriel import Courriel, CourrielEntrant
from .jeton import JetonUtilise
from .reglages import ReglagesPole

__all__ = ["Compteur", "Courriel", "CourrielEntrant", "JetonUtilise", "ReglagesPole"]
