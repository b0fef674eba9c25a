"""Estimates: where nobody said a figure, a coefficient that applied that day, with its source."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from ressources.models import CoefficientEstime

from .faits import Chiffre, Fait
from .mesures import Base

CENTIEME = Decimal("0.01")


class Coefficients:
    """Those of a period, read once: one query."""

    def __init__(self, debut, fin):
        self._par_objet = {}
        for coefficient in CoefficientEstime.objects.pendant(debut, fin):
            self._par_objet.setdefault((coefficient.genre, coefficient.categorie_id), []).append(coefficient)

    def pour(self, genre: str, categorie: int | None, jour) -> CoefficientEstime | None:
        """The category's own, else the one of all categories; none of them applied that day: None."""
        for cle in dict.fromkeys([(genre, categorie), (genre, None)]):
            for coefficient in self._par_objet.get(cle, ()):
                if coefficient.vaut_le(jour):
                    return coefficient
        return None

    def estimer(self, faits: Iterable[Fait]) -> Iterator[Fait]:
        """The same facts with their estimates; a measure that somebody said is never estimated beside."""
        for fait in faits:
            estimes = tuple(self._estimes(fait)) if fait.a_estimer else ()
            yield replace(fait, chiffres=fait.chiffres + estimes) if estimes else fait

    def _estimes(self, fait: Fait) -> Iterator[Chiffre]:
        dites = {chiffre.mesure for chiffre in fait.chiffres}
        for inconnu in fait.a_estimer:
            if inconnu.mesure in dites:
                continue
            if coefficient := self.pour(inconnu.genre, fait.categorie, fait.le):
                valeur = (coefficient.valeur * inconnu.quantite).quantize(CENTIEME)
                yield Chiffre(inconnu.mesure, Base.ESTIME, valeur, coefficient)
