"""Calendar files for the tests: what other programs write, and what nobody should."""

from datetime import datetime, timedelta
from textwrap import dedent

from django.utils import timezone


def dans(jours: int, heure: int = 20) -> datetime:
    """A moment to come, Europe/Paris."""
    le = timezone.localtime(timezone.now() + timedelta(days=jours))
    return le.replace(hour=heure, minute=0, second=0, microsecond=0)


def ics(*evenements: str) -> str:
    corps = "\n".join(dedent(e).strip() for e in evenements)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Essai//FR\n{corps}\nEND:VCALENDAR\n".replace("\n", "\r\n")


def vevent(uid="un@example.org", titre="Bal folk", debut=None, fin=None, **autres) -> str:
    """One VEVENT; `autres`: RRULE=…, LOCATION=…; a start as « VALUE=DATE:20270312 » is written as it is."""
    debut = debut or dans(10)
    lignes = ["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{titre}", f"DTSTART{_quand(debut)}"]
    if fin:
        lignes.append(f"DTEND{_quand(fin)}")
    lignes += [f"{nom.replace('_', '-')}:{valeur}" for nom, valeur in autres.items()]
    return "\n".join([*lignes, "END:VEVENT"])


def _quand(valeur) -> str:
    if isinstance(valeur, str):
        return f";{valeur}"
    return f";TZID=Europe/Paris:{valeur:%Y%m%dT%H%M%S}"
