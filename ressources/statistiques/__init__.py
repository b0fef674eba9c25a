"""What was offered, sought, met and exchanged, counted in SQL by months of Europe/Paris.

`comptes` and `echanges` serve the public page and the staff's; `equipe` names structures, for the staff alone.
"""

from .comptes import Comptes, compter
from .echanges import Echanges, compter_echanges
from .periode import Periode, annees, choisir

__all__ = ["Comptes", "Echanges", "Periode", "annees", "choisir", "compter", "compter_echanges"]
