"""iCalendar (RFC 5545): whole days as dates, hours in UTC, so that no agenda has to know when the time changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event
from psycopg.types.range import TimestamptzRange

from .jours import en_jours, jours_de

RELIRE = "PT1H"
"""How often an agenda is asked to read again."""


@dataclass(frozen=True)
class Evenement:
    """`uid` never changes; `ferme`: confirmed, else only asked for; `occupe`: it makes the resource busy."""

    uid: str
    titre: str
    periode: TimestamptzRange
    cree_le: datetime
    modifie_le: datetime
    ferme: bool = True
    occupe: bool = True
    lieu: str = ""
    url: str = ""


def ecrire(nom: str, evenements: Iterable[Evenement]) -> bytes:
    """The whole calendar: the same events give the same bytes, so that an ETag holds."""
    agenda = Calendar()
    agenda.add("prodid", "-//Pole ESS//Reservations//FR")
    agenda.add("version", "2.0")
    agenda.add("calscale", "GREGORIAN")
    agenda.add("method", "PUBLISH")
    for cle, valeur in (("x-wr-calname", nom), ("x-wr-timezone", "Europe/Paris"), ("x-published-ttl", RELIRE)):
        agenda.add(cle, valeur)
    for evenement in evenements:
        agenda.add_component(_composant(evenement))
    return agenda.to_ical()


def _composant(evenement: Evenement) -> Event:
    composant = Event()
    composant.add("uid", evenement.uid)
    composant.add("summary", evenement.titre)
    composant.add("dtstamp", evenement.modifie_le.astimezone(UTC))
    composant.add("created", evenement.cree_le.astimezone(UTC))
    composant.add("last-modified", evenement.modifie_le.astimezone(UTC))
    # Seconds since it was written: it only grows, and needs no counter of its own.
    composant.add("sequence", max(0, int((evenement.modifie_le - evenement.cree_le).total_seconds())))
    if en_jours(evenement.periode):
        debut, fin = jours_de(evenement.periode)
        composant.add("dtstart", debut)
        composant.add("dtend", fin + timedelta(days=1))  # the day after the last one: 3.6.1
    else:
        composant.add("dtstart", evenement.periode.lower.astimezone(UTC))
        composant.add("dtend", evenement.periode.upper.astimezone(UTC))
    composant.add("status", "CONFIRMED" if evenement.ferme else "TENTATIVE")
    composant.add("transp", "OPAQUE" if evenement.occupe and evenement.ferme else "TRANSPARENT")
    for cle, valeur in (("location", evenement.lieu), ("url", evenement.url)):
        if valeur:
            composant.add(cle, valeur)
    return composant
