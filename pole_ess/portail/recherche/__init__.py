"""Search across everything: one box, one page, groups of answers, what this person may see and nothing else."""

from .demande import Demande
from .resultat import Resultat, chercher

__all__ = ["Demande", "Resultat", "chercher"]
