"""A month as weeks of days, each with its lines."""

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from .criteres import ANNEES
from .entrees import Entree


@dataclass
class Jour:
    date: date
    du_mois: bool
    entrees: list[Entree] = field(default_factory=list)

    @property
    def aujourdhui(self) -> bool:
        return self.date == timezone.localdate()

    @property
    def passe(self) -> bool:
        return self.date < timezone.localdate()


@dataclass
class Mois:
    """`semaines`: (ISO number, seven days from Monday, days of the months around included)."""

    premier: date
    semaines: list[tuple[int, list[Jour]]]

    @classmethod
    def construire(cls, premier: date, lire) -> "Mois":
        """`lire(first day, last day)` gives the lines of these days."""
        grille = calendar.Calendar(firstweekday=0).monthdatescalendar(premier.year, premier.month)
        jours = {jour: Jour(jour, jour.month == premier.month) for semaine in grille for jour in semaine}
        dernier = max(jour for jour in jours if jours[jour].du_mois)
        for entree in lire(premier, dernier):
            du, au = entree.jours()
            for pas in range((min(au, dernier) - max(du, premier)).days + 1):
                jours[max(du, premier) + timedelta(days=pas)].entrees.append(entree)
        return cls(premier, [(s[0].isocalendar().week, [jours[jour] for jour in s]) for s in grille])

    @property
    def jours(self) -> list[Jour]:
        """Those of the month that have something, for the list."""
        return [jour for _, semaine in self.semaines for jour in semaine if jour.entrees]

    @property
    def precedent(self) -> date | None:
        return _decaler(self.premier, -1)

    @property
    def suivant(self) -> date | None:
        return _decaler(self.premier, 1)


def _decaler(premier: date, pas: int) -> date | None:
    annee, mois = divmod(premier.year * 12 + premier.month - 1 + pas, 12)
    return date(annee, mois + 1, 1) if annee in ANNEES else None
