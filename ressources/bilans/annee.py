"""The bilan of a year, beside the one before: built from the facts of all sources."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from .coefficients import Coefficients
from .faits import Fait, Manque
from .mesures import Base, Mesure, Sens
from .sources import MESURES, SOURCES
from .totaux import Totaux
from .valeurs import Valeur

ANNEES = 20
"""As far back as a bilan may be asked."""


def lire_annee(annee: int, le: date) -> int | None:
    """The year, when a bilan may be asked for it on the day `le`; else None."""
    return annee if le.year - ANNEES < annee <= le.year else None


class BilanAnnuel:
    """The facts of a structure and a year, the newest first; figures by side, measure and basis.

    `jusqu_au`: the last day counted, when it is not the whole year.
    """

    def __init__(self, annee: int, faits: Iterable[Fait], *, jusqu_au: date | None = None):
        self.annee, self.jusqu_au = annee, jusqu_au
        self.faits = sorted(faits, key=lambda fait: fait.le, reverse=True)
        self._totaux = Totaux()
        for fait in self.faits:
            self._totaux.ajouter(fait)

    def valeur(self, mesure: Mesure, base: Base, sens: Sens) -> Valeur:
        """On one basis, of one side: there is no way to ask for two."""
        return self._totaux.valeur(mesure, base, sens)

    def mesures(self, sens: Sens) -> list[Mesure]:
        """Those with a figure on this side, in the order of the page."""
        vues = self._totaux.cles(sens)
        return [mesure for mesure in MESURES if mesure.cle in vues]

    def coefficients(self) -> list:
        """Those that made its estimates, in the order of their names."""
        utiles = {c.coefficient.pk: c.coefficient for f in self.faits for c in f.chiffres if c.coefficient}
        return sorted(utiles.values(), key=lambda c: (c.genre, c.ce_qu_il_vise, c.du))

    def a_dire(self, *manques: Manque) -> list[Fait]:
        """The exchanges where these words are missing."""
        return [fait for fait in self.faits if fait.manque in manques]


def _lire(debut: date, fin: date, *, structure=None) -> Iterator[Fait]:
    """The facts of the civil days [debut, fin), estimates included, as they are read; a constant number of queries."""
    coefficients = Coefficients(debut, fin)
    for source in SOURCES:
        yield from coefficients.estimer(source.faits(debut, fin, structure=structure))


def relever(debut: date, fin: date, *, structure=None) -> list[Fait]:
    """The facts of the civil days [debut, fin)."""
    return list(_lire(debut, fin, structure=structure))


def totaux_par_annee(debut: date, fin: date) -> dict[int, Totaux]:
    """Civil year -> what all structures gave, received, did together; [debut, fin) in as many queries as one year.

    Each exchange stands on its giver's side and on its receiver's: one side is read, never their sum.
    """
    totaux = defaultdict(Totaux)
    for fait in _lire(debut, fin):
        totaux[fait.le.year].ajouter(fait)
    return dict(totaux)


def _meme_jour(le: date, annee: int) -> date:
    """The same day of another year; the 28th for a 29 February that it has not."""
    try:
        return le.replace(year=annee)
    except ValueError:
        return le.replace(year=annee, day=28)


def bilans_de(structure, annee: int, le: date) -> tuple[BilanAnnuel, BilanAnnuel]:
    """The year, and the one before to compare with: whole, or up to the same day while the year is not over."""
    faits = relever(date(annee - 1, 1, 1), date(annee + 1, 1, 1), structure=structure)
    en_cours = annee == le.year
    borne = _meme_jour(le, annee - 1) if en_cours else date(annee - 1, 12, 31)
    return (
        BilanAnnuel(annee, (f for f in faits if f.le.year == annee), jusqu_au=le if en_cours else None),
        BilanAnnuel(
            annee - 1,
            (f for f in faits if f.le.year == annee - 1 and f.le <= borne),
            jusqu_au=borne if en_cours else None,
        ),
    )


def bilan_de(structure, annee: int) -> BilanAnnuel:
    """The year alone."""
    return BilanAnnuel(annee, relever(date(annee, 1, 1), date(annee + 1, 1, 1), structure=structure))


def bilans_de_tous(annee: int) -> dict[int, BilanAnnuel]:
    """Id of each structure that has a fact -> its bilan."""
    par_structure = defaultdict(list)
    for fait in relever(date(annee, 1, 1), date(annee + 1, 1, 1)):
        par_structure[fait.structure].append(fait)
    return {pk: BilanAnnuel(annee, faits) for pk, faits in par_structure.items()}
