"""A figure and how many exchanges it rests on. Two of different bases cannot be added: the sum would be no fact."""

from dataclasses import dataclass, replace
from decimal import Decimal

from .mesures import Base, Mesure


@dataclass(frozen=True, slots=True)
class Valeur:
    """`total` is None when it rests on nothing."""

    mesure: Mesure
    base: Base
    total: Decimal | None = None
    echanges: int = 0

    def __add__(self, autre):
        """Raises ValueError on another basis or another measure: an estimate never joins what was said."""
        if not isinstance(autre, Valeur):
            return NotImplemented
        if (autre.mesure, autre.base) != (self.mesure, self.base):
            raise ValueError(f"{self.base} and {autre.base} of {self.mesure.cle} and {autre.mesure.cle} do not add up")
        totaux = [valeur.total for valeur in (self, autre) if valeur.total is not None]
        return replace(self, total=sum(totaux) if totaux else None, echanges=self.echanges + autre.echanges)
