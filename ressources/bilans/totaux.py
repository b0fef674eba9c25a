"""Sums of facts by side, measure and basis: one cell each, and no way to ask for two."""

from .faits import Fait
from .mesures import Base, Mesure, Sens
from .valeurs import Valeur


class Totaux:
    """Facts are added one by one and not kept."""

    def __init__(self):
        self._sommes = {}

    def ajouter(self, fait: Fait) -> None:
        for chiffre in fait.chiffres:
            cle = fait.sens, chiffre.mesure.cle, chiffre.base
            total, echanges = self._sommes.get(cle, (0, 0))
            self._sommes[cle] = total + chiffre.valeur, echanges + 1

    def valeur(self, mesure: Mesure, base: Base, sens: Sens) -> Valeur:
        """On one basis, of one side: there is no way to ask for two."""
        return Valeur(mesure, Base(base), *self._sommes.get((Sens(sens), mesure.cle, Base(base)), ()))

    def cles(self, sens: Sens) -> set[str]:
        """Keys of the measures with a figure on this side."""
        return {cle for autre, cle, _ in self._sommes if autre == sens}
