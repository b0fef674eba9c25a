"""A month as weeks of days, each free, partly taken, taken or closed."""

import calendar
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from .jours import jours


class Etat(StrEnum):
    """What a day says; the words are shown, never the colour alone."""

    LIBRE = "libre"
    PARTIEL = "en partie pris"
    PRIS = "pris"
    FERME = "fermé"


@dataclass
class Jour:
    """`libres`: pieces free over the whole day; `reservations`, `fermetures`: those that touch it."""

    date: date
    du_mois: bool
    etat: Etat = Etat.LIBRE
    libres: int = 0
    reservations: list = field(default_factory=list)
    fermetures: list = field(default_factory=list)


@dataclass
class Mois:
    """`semaines`: lists of seven days from Monday, days of the months around included."""

    premier: date
    semaines: list[list[Jour]]

    @classmethod
    def construire(cls, annee: int, mois: int, *, capacite: int = 1, reservations=(), fermetures=()) -> "Mois":
        """`reservations` have `blocage` and `quantite`; `fermetures` have `periode` and `bloque`."""
        semaines = [
            [_jour(d, d.month == mois, capacite, reservations, fermetures) for d in semaine]
            for semaine in calendar.Calendar(firstweekday=0).monthdatescalendar(annee, mois)
        ]
        return cls(date(annee, mois, 1), semaines)

    @property
    def jours(self) -> list[Jour]:
        """The days of the month itself, in order: the list view."""
        return [jour for semaine in self.semaines for jour in semaine if jour.du_mois]

    @property
    def precedent(self) -> date:
        return _decaler(self.premier, -1)

    @property
    def suivant(self) -> date:
        return _decaler(self.premier, 1)


def _decaler(premier: date, pas: int) -> date:
    annee, mois = divmod(premier.year * 12 + premier.month - 1 + pas, 12)
    return date(annee, mois + 1, 1)


def _touche(a, b) -> bool:
    return a.lower < b.upper and b.lower < a.upper


def _couvre(a, b) -> bool:
    return a.lower <= b.lower and a.upper >= b.upper


def pic(plage, blocages) -> int:
    """Most pieces out at once over `plage`, for (range, quantity) pairs: reached when one of them starts."""
    prises = [(b, n) for b, n in blocages if _touche(b, plage)]
    instants = {max(b.lower, plage.lower) for b, _ in prises}
    return max((sum(n for b, n in prises if b.lower <= t < b.upper) for t in instants), default=0)


def _jour(d, du_mois, capacite, reservations, fermetures) -> Jour:
    plage = jours(d, d)
    jour = Jour(d, du_mois)
    jour.reservations = [r for r in reservations if _touche(r.blocage, plage)]
    jour.fermetures = [f for f in fermetures if _touche(f.periode, plage)]
    bloquantes = [f for f in jour.fermetures if f.bloque]
    jour.libres = max(0, capacite - pic(plage, [(r.blocage, r.quantite) for r in jour.reservations]))
    if any(_couvre(f.periode, plage) for f in bloquantes):
        jour.etat, jour.libres = Etat.FERME, 0
    elif not jour.reservations and not bloquantes:
        jour.etat = Etat.LIBRE
    elif jour.libres == 0 and (capacite > 1 or any(_couvre(r.blocage, plage) for r in jour.reservations)):
        jour.etat = Etat.PRIS
    else:
        jour.etat = Etat.PARTIEL
    return jour
