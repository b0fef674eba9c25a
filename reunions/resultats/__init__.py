"""What a post-it workshop says: counts, shares, ranks and classes, worked out from its notes and nothing else.

Shares are of notes, not of people. Everything is an exact integer or fraction: no float decides a class.
"""

from .calcul import Classe, ResultatAxe, ResultatCategorie, Resultats, calculer, verbatim

__all__ = ["Classe", "ResultatAxe", "ResultatCategorie", "Resultats", "calculer", "verbatim"]
