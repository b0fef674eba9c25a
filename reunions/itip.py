"""Meetings as iCalendar objects (RFC 5545) and messages between agendas (iTIP, RFC 5546).

The UID never changes and SEQUENCE only grows: agendas then update their entry instead of adding one.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import icalendar
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from pole_ess.socle.courriel.entrant import adresse_de_reponse
from pole_ess.socle.models import ReglagesPole
from reunions.calendrier.ical import SANS_FIN, uid_de
from reunions.models import Participation

SORTE = "reunion"
"""Of the inbound addresses: reunion+<jeton>@…"""
PARIS = ZoneInfo("Europe/Paris")
FUSEAU = """BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:DAYLIGHT
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""
"""The European rule since 1996, whatever the year of the meeting."""
PARTSTAT = {
    Participation.Reponse.ATTENDUE: "NEEDS-ACTION",
    Participation.Reponse.PRESENT: "ACCEPTED",
    Participation.Reponse.ATTENTE: "TENTATIVE",
    Participation.Reponse.EXCUSE: "DECLINED",
    Participation.Reponse.REPRESENTE: "DECLINED",
}
REPONSES = {"ACCEPTED": Participation.Reponse.PRESENT, "DECLINED": Participation.Reponse.EXCUSE}


def agenda(methode: str = "") -> icalendar.Calendar:
    """An empty calendar of ours, with the time zone that its events name."""
    calendrier = icalendar.Calendar()
    calendrier.add("prodid", "-//Pole ESS//Rencontres//FR")
    calendrier.add("version", "2.0")
    if methode:
        calendrier.add("method", methode)
    calendrier.add_component(icalendar.Timezone.from_ical(FUSEAU))
    return calendrier


def evenement(reunion) -> icalendar.Event:
    """The meeting without its people: what anyone who may see it may put in an agenda. It must have a date."""
    entree = icalendar.Event()
    entree.add("uid", uid_de(reunion))
    entree.add("sequence", reunion.sequence)
    entree.add("dtstamp", timezone.now())
    entree.add("dtstart", reunion.debut.astimezone(PARIS))
    entree.add("dtend", (reunion.fin or reunion.debut + SANS_FIN).astimezone(PARIS))
    entree.add("summary", reunion.titre)
    commune = reunion.commune.nom if reunion.commune_id else ""
    if lieu := ", ".join(filter(None, [reunion.lieu, reunion.adresse, commune])):
        entree.add("location", lieu)
    entree.add("status", "CANCELLED" if reunion.etat == reunion.Etat.ANNULEE else "CONFIRMED")
    return entree


def message(methode: str, participation, *, lien: str = "") -> tuple[str, str]:
    """(method, text) of the REQUEST or CANCEL to one person; `lien`: where they answer without an account.

    One message names one person: nobody learns who else is invited.
    """
    reunion = participation.reunion
    entree = evenement(reunion)
    entree.add("organizer", organisateur(participation))
    invite = icalendar.vCalAddress(f"mailto:{participation.courriel}")
    invite.params["CN"] = _cn(participation.nom or participation.libelle or participation.courriel)
    invite.params["CUTYPE"] = "INDIVIDUAL"
    invite.params["ROLE"] = "REQ-PARTICIPANT"
    invite.params["PARTSTAT"] = PARTSTAT[participation.reponse]
    invite.params["RSVP"] = "TRUE"
    entree.add("attendee", invite, encode=0)
    details = [reunion.objectif, reunion.acces and f"Pour venir : {reunion.acces}"]
    if lien:
        entree.add("url", lien)
        details.append(f"Répondre ou changer votre réponse : {lien}")
    entree.add("description", "\n\n".join(filter(None, details)))
    calendrier = agenda(methode)
    calendrier.add_component(entree)
    return methode, calendrier.to_ical().decode()


def organisateur(participation) -> icalendar.vCalAddress:
    """Whom agendas answer: an address of this person's own where the hub receives mail, else a mailbox people read."""
    pole = ReglagesPole.actuels()
    repli = participation.reunion.courriel_organisateur or pole.courriel_equipe
    adresse = icalendar.vCalAddress(f"mailto:{adresse_de_reponse(SORTE, jeton_agenda(participation.pk)) or repli}")
    adresse.params["CN"] = _cn(f"{pole.nom} {pole.territoire_nom}")
    return adresse


def jeton_agenda(pk: int) -> str:
    """Of the address that one person's agenda answers to; nothing to store, the signature says it is ours."""
    return f"{pk}-{salted_hmac('reunions.agenda', str(pk), algorithm='sha256').hexdigest()[:24]}"


def lire_jeton_agenda(jeton: str) -> int | None:
    """The participation of a token of ours, else None."""
    numero = jeton.partition("-")[0]
    if not (numero.isascii() and numero.isdecimal() and len(numero) <= 18):
        return None
    return int(numero) if constant_time_compare(jeton_agenda(int(numero)), jeton) else None


@dataclass(frozen=True)
class ReponseAgenda:
    """What an agenda answered. `reponse` is None when it is no answer: TENTATIVE, DELEGATED, NEEDS-ACTION.

    `delegue`: whom the invitation was passed to (DELEGATED-TO), as that agenda wrote it.
    """

    uid: str
    sequence: int
    reponse: str | None
    le: datetime | None
    partstat: str = ""
    delegue: str = ""


def lire_reponse(texte: str, *, courriel: str) -> ReponseAgenda | None:
    """The REPLY of this person (their ATTENDEE line; the only one, when an alias answered). None: unreadable."""
    try:
        calendrier = icalendar.Calendar.from_ical(texte)
        entree = next(iter(calendrier.walk("VEVENT")))
        invites = entree.get("attendee", [])
        invites = invites if isinstance(invites, list) else [invites]
        sien = [i for i in invites if str(i).lower().removeprefix("mailto:") == courriel.lower()] or invites[:1]
        partstat = str(sien[0].params.get("PARTSTAT", "")).upper()
        le = entree.get("dtstamp")
        le = le.dt if le is not None and isinstance(le.dt, datetime) and le.dt.tzinfo else None
        sequence = int(entree.get("sequence", 0))
        uid = str(entree.get("uid", ""))
        return ReponseAgenda(uid, sequence, REPONSES.get(partstat), le, partstat, _delegue(sien[0]))
    except (ValueError, KeyError, IndexError, StopIteration, AttributeError, TypeError):
        return None


def _delegue(invite) -> str:
    """The addresses of DELEGATED-TO (RFC 5545, 3.2.5), 200 letters at most."""
    vers = invite.params.get("DELEGATED-TO", [])
    adresses = [vers] if isinstance(vers, str) else vers
    lues = ["".join(c for c in str(a).strip('" ') if c.isprintable()).lower() for a in adresses]
    return ", ".join(a.removeprefix("mailto:") for a in lues if a)[:200]


def _cn(nom: str) -> str:
    """A parameter holds no double quote nor control (RFC 5545, 3.2)."""
    return "".join(c for c in nom if c >= " " and c not in '"\x7f')
