"""iCalendar out (RFC 5545): whole days as dates, hours in UTC, so that no agenda has to know when the time changes."""

from collections.abc import Iterable
from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event

from .entrees import Entree

RELIRE = "PT1H"
"""How often an agenda is asked to read again."""
SANS_FIN = timedelta(hours=2)
"""Shown length of a meeting whose end is not said: calendars draw an instant badly."""


def uid_de(objet) -> str:
    """The UID of a meeting or an event in every calendar: it never changes (RFC 7986, 5.3)."""
    return f"{objet.uid}@{urlsplit(settings.PORTAIL_URL).hostname or 'pole-ess'}"


def ecrire(nom: str, entrees: Iterable[Entree]) -> bytes:
    """The whole calendar: the same lines give the same bytes, so that an ETag holds."""
    agenda = Calendar()
    agenda.add("prodid", "-//Pole ESS//Rencontres//FR")
    agenda.add("version", "2.0")
    agenda.add("calscale", "GREGORIAN")
    agenda.add("method", "PUBLISH")
    for cle, valeur in (("x-wr-calname", nom), ("x-wr-timezone", "Europe/Paris"), ("x-published-ttl", RELIRE)):
        agenda.add(cle, valeur)
    for entree in entrees:
        agenda.add_component(composant(entree))
    return agenda.to_ical()


def composant(entree: Entree) -> Event:
    """One VEVENT, without attendees."""
    objet, evenement = entree.objet, Event()
    evenement.add("uid", uid_de(objet))
    evenement.add("sequence", objet.sequence)
    evenement.add("dtstamp", objet.modifie_le.astimezone(UTC))
    evenement.add("created", objet.cree_le.astimezone(UTC))
    evenement.add("last-modified", objet.modifie_le.astimezone(UTC))
    evenement.add("summary", f"Annulé : {objet.titre}" if entree.annulee else objet.titre)
    if entree.journee_entiere:
        premier, dernier = entree.jours()
        evenement.add("dtstart", premier)
        evenement.add("dtend", dernier + timedelta(days=1))  # the day after the last one: 3.6.1
    else:
        evenement.add("dtstart", objet.debut.astimezone(UTC))
        evenement.add("dtend", (objet.fin or objet.debut + SANS_FIN).astimezone(UTC))
    commune = objet.commune
    lieu = ", ".join(filter(None, [objet.lieu, objet.adresse, str(commune) if commune else ""]))
    if lieu:
        evenement.add("location", lieu)
    if commune is not None and commune.latitude is not None and not objet.adresse:
        evenement.add("geo", (commune.latitude, commune.longitude))
    evenement.add("description", _description(entree))
    evenement.add("categories", [objet.get_genre_display()])
    evenement.add("status", "CANCELLED" if entree.annulee else "CONFIRMED")
    evenement.add("url", f"{settings.PORTAIL_URL}{objet.get_absolute_url()}")
    return evenement


def _description(entree: Entree) -> str:
    objet = entree.objet
    texte = objet.objectif if entree.du_pole else objet.description
    qui = "" if entree.structure is None else entree.structure.nom
    if entree.du_pole:
        qui = f"Accueil : {qui}" if qui else ""
    motif = f"Annulé : {objet.motif}" if entree.annulee and objet.motif else ""
    return "\n".join(filter(None, [motif, qui, texte, f"{settings.PORTAIL_URL}{objet.get_absolute_url()}"]))
