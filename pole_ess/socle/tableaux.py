"""A table of figures, the same for the page (templates/components/_tableau.html) and for a spreadsheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Tableau:
    """`lignes`: (name of the row, its figures); `total`: the last row, when adding its figures has a meaning.

    A figure is a number, a word, or None: not known, or not shown.
    """

    cle: str
    titre: str
    entetes: tuple[str, ...]
    lignes: tuple[tuple[str, tuple], ...]
    total: tuple | None = None
    note: str = ""

    def pour_tableur(self) -> Iterator[list]:
        """The rows, decimals with a comma as French spreadsheets read them; the total is theirs to make."""
        for nom, valeurs in self.lignes:
            yield [nom, *(_cellule(valeur) for valeur in valeurs)]


def _cellule(valeur):
    return str(valeur).replace(".", ",") if isinstance(valeur, Decimal | float) else valeur
