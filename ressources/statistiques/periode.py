"""Whole months of Europe/Paris that figures are counted over."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.dates import MONTHS

from ressources.agenda import minuit

DOUZE_MOIS = "12-mois"
ANNEES_MAX = 20


@dataclass(frozen=True)
class Periode:
    """[`debut`, `fin`), both the first day of a month. `cle`: what its address says."""

    cle: str
    debut: date
    fin: date

    @property
    def mois(self) -> list[date]:
        """The first day of each month."""
        premier = self.debut.year * 12 + self.debut.month - 1
        dernier = self.fin.year * 12 + self.fin.month - 1
        return [date(rang // 12, rang % 12 + 1, 1) for rang in range(premier, dernier)]

    @property
    def bornes(self) -> tuple[datetime, datetime]:
        """The first instant, and the first one after: months have an hour more or less twice a year."""
        return minuit(self.debut), minuit(self.fin)

    @property
    def seuils(self) -> list[datetime]:
        """The first instant of each month."""
        return [minuit(mois) for mois in self.mois]

    @property
    def en_clair(self) -> str:
        """« de décembre 2025 à novembre 2026 », « en janvier 2026 »."""
        premier, dernier = self.mois[0], self.mois[-1]
        if premier == dernier:
            return f"en {mois_en_clair(premier)}"
        de = "d'" if MONTHS[premier.month][0] in "ao" else "de "
        return f"{de}{mois_en_clair(premier)} à {mois_en_clair(dernier)}"


def mois_en_clair(mois: date) -> str:
    return f"{MONTHS[mois.month]} {mois.year}"


COURTS = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


def mois_court(mois: date) -> str:
    """« sept. 2026 »: eleven letters at most."""
    return f"{COURTS[mois.month - 1]} {mois.year}"


def _suivant(mois: date) -> date:
    return date(mois.year + mois.month // 12, mois.month % 12 + 1, 1)


def annees(premiere: date | None, le: date) -> list[int]:
    """The years to choose from, the present one first; `premiere`: the day of the oldest fact."""
    depuis = max(min(premiere.year, le.year) if premiere else le.year, le.year - ANNEES_MAX + 1)
    return list(range(le.year, depuis - 1, -1))


def choisir(cle: str, le: date) -> Periode:
    """The period of an address; anything that is no year means the twelve months that end with the present one."""
    fin = _suivant(le.replace(day=1))
    annee = int(cle) if len(cle) == 4 and cle.isascii() and cle.isdigit() else 0
    if le.year - ANNEES_MAX < annee <= le.year:
        return Periode(cle, date(annee, 1, 1), min(date(annee + 1, 1, 1), fin))
    return Periode(DOUZE_MOIS, date(fin.year - 1, fin.month, 1), fin)
