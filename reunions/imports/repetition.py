"""Days of a recurring event (RFC 5545, 3.3.10), by looking at each day once.

A general expander may look for the next match until the year 9999 (« le 30 février »): here the days looked at are
bounded, whatever a file says. What calendars seldom write (BYSETPOS, BYYEARDAY, BYWEEKNO, hours) is refused.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

FREQUENCES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
CONNUS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST"}
JOURS = {nom: rang for rang, nom in enumerate(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])}


class RepetitionInconnue(ValueError):
    """A rule that is not read here."""


@dataclass(frozen=True)
class Regle:
    """`jours`: (ordinal or 0, weekday) pairs; the first and last day are the caller's to bound."""

    freq: str
    intervalle: int = 1
    jours: tuple[tuple[int, int], ...] = ()
    jours_du_mois: tuple[int, ...] = ()
    mois: tuple[int, ...] = ()
    semaine: int = 0

    @classmethod
    def lire(cls, regle) -> "Regle":
        """From icalendar's vRecur. Raises RepetitionInconnue."""
        parties = {str(nom).upper(): valeurs for nom, valeurs in regle.items()}
        freq = str((parties.get("FREQ") or [""])[0]).upper()
        if freq not in FREQUENCES or set(parties) - CONNUS or any(len(v) > 31 for v in parties.values()):
            raise RepetitionInconnue(freq)
        try:
            intervalle = int((parties.get("INTERVAL") or [1])[0])
            lue = cls(
                freq,
                intervalle,
                tuple(_jour(str(valeur)) for valeur in parties.get("BYDAY", [])),
                tuple(int(valeur) for valeur in parties.get("BYMONTHDAY", [])),
                tuple(int(valeur) for valeur in parties.get("BYMONTH", [])),
                JOURS[str((parties.get("WKST") or ["MO"])[0]).upper()],
            )
        except (KeyError, TypeError, ValueError) as erreur:
            raise RepetitionInconnue(freq) from erreur
        ordinaux = any(rang for rang, _ in lue.jours)
        if not 1 <= intervalle <= 366 or (ordinaux and freq != "MONTHLY" and not (freq == "YEARLY" and lue.mois)):
            raise RepetitionInconnue(freq)
        return lue

    def entre(self, depart: date, premier: date, dernier: date) -> Iterator[date]:
        """Its days from `premier` to `dernier`, both included, for an event that starts on `depart`."""
        jour = max(depart, premier)
        while jour <= dernier:
            if self._tombe(jour, depart):
                yield jour
            jour += timedelta(days=1)

    def _tombe(self, jour: date, depart: date) -> bool:
        return (
            self._dans_l_intervalle(jour, depart)
            and (not self.mois or jour.month in self.mois)
            and self._jour_du_mois(jour, depart)
            and self._jour_de_semaine(jour, depart)
        )

    def _dans_l_intervalle(self, jour: date, depart: date) -> bool:
        if self.freq == "DAILY":
            ecart = (jour - depart).days
        elif self.freq == "WEEKLY":
            ecart = (_lundi(jour, self.semaine) - _lundi(depart, self.semaine)).days // 7
        elif self.freq == "MONTHLY":
            ecart = (jour.year - depart.year) * 12 + jour.month - depart.month
        else:
            ecart = jour.year - depart.year
        return ecart % self.intervalle == 0

    def _jour_du_mois(self, jour: date, depart: date) -> bool:
        if self.jours_du_mois:
            fin = monthrange(jour.year, jour.month)[1]
            return jour.day in self.jours_du_mois or jour.day - fin - 1 in self.jours_du_mois
        if self.freq in ("DAILY", "WEEKLY") or self.jours:
            return True
        return jour.day == depart.day and (self.freq == "MONTHLY" or bool(self.mois) or jour.month == depart.month)

    def _jour_de_semaine(self, jour: date, depart: date) -> bool:
        if not self.jours:
            return self.freq != "WEEKLY" or bool(self.jours_du_mois) or jour.weekday() == depart.weekday()
        fin = monthrange(jour.year, jour.month)[1]
        rangs = (0, (jour.day - 1) // 7 + 1, -((fin - jour.day) // 7 + 1))
        return any(jour.weekday() == nom and rang in rangs for rang, nom in self.jours)


def _jour(texte: str) -> tuple[int, int]:
    """« MO », « 1SU », « -1FR »."""
    trouve = re.fullmatch(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", texte.upper(), re.ASCII)
    if not trouve:
        raise ValueError(texte)
    return int(trouve[1] or 0), JOURS[trouve[2]]


def _lundi(jour: date, debut: int) -> date:
    """The first day of its week, which begins on weekday `debut`."""
    return jour - timedelta(days=(jour.weekday() - debut) % 7)
