"""One exchange as one structure's bilan shows it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from ressources.agenda import FUSEAU

from .mesures import Base, Mesure, Sens


class Manque(StrEnum):
    """Whose word is missing for a figure to be said by both; RIEN: neither has said anything yet."""

    AUCUN = ""
    VOTRE = "votre"
    AUTRE = "autre"
    RIEN = "rien"


@dataclass(frozen=True, slots=True)
class Chiffre:
    """A figure on one basis. `coefficient`: the one that made an estimate, None for what was said."""

    mesure: Mesure
    base: Base
    valeur: Decimal
    coefficient: object = None


@dataclass(frozen=True, slots=True)
class AEstimer:
    """What nobody said, and how many units (objects, objects × days, shifts) a coefficient would multiply."""

    mesure: Mesure
    genre: str
    quantite: int


@dataclass(frozen=True, slots=True)
class Fait:
    """`page`: (URL name, arguments) that the structure's members may open; `annonce`: (id, title), that staff may too.

    `echange`: its code in the address where a side says what it was worth (bilan_declarer), empty when there is none.
    """

    structure: int
    sens: Sens
    le: date
    quoi: str
    avec: str
    chiffres: tuple[Chiffre, ...]
    a_estimer: tuple[AEstimer, ...] = ()
    categorie: int | None = None
    annonce: tuple[int, str] | None = None
    page: tuple[str, tuple] | None = None
    manque: Manque = Manque.AUCUN
    echange: str = ""


@dataclass(frozen=True)
class Source:
    """One kind of exchange. `faits(debut, fin, structure=None)` yields the facts of the civil days [debut, fin) of
    one structure, or of all of them, in a constant number of queries; `explication`: how its figures are obtained."""

    cle: str
    nom: str
    mesures: tuple[Mesure, ...]
    faits: Callable[..., Iterator[Fait]]
    explication: str


def jour_de(instant: datetime) -> date:
    """Its civil day in Europe/Paris."""
    return instant.astimezone(FUSEAU).date()
