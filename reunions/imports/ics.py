"""An iCalendar file (RFC 5545) read line by line: each event, or why it is left aside. Nothing is fetched.

Recurring events become dates, bounded; hours without a zone are those of Europe/Paris. What the file says of time
zones is not computed (VTIMEZONE may hold rules without end): their names are enough.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from django.utils import timezone
from icalendar import Calendar

from .repetition import Regle, RepetitionInconnue

OCTETS_MAX = 300_000
COMPOSANTS_MAX = 300
OCCURRENCES_MAX = 60
REPETES_MAX = 60
LIGNES_MAX = 400
HORIZON = timedelta(days=400)
PARIS = ZoneInfo("Europe/Paris")
CONTROLES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff]")
ZONES = re.compile(r"^BEGIN:VTIMEZONE[ \t]*$.*?^END:VTIMEZONE[ \t]*$\n?", re.MULTILINE | re.DOTALL | re.IGNORECASE)


class FichierIllisible(Exception):
    """Not an iCalendar file, or too much of one. The message is French and may be shown."""


class LigneRefusee(Exception):
    """Why one event is left aside, in French."""


@dataclass(frozen=True)
class Lu:
    """One date of one event. `uid`: stable from one reading to the next."""

    uid: str
    titre: str
    debut: datetime
    fin: datetime | None
    journee_entiere: bool
    lieu: str = ""
    description: str = ""
    site: str = ""
    annule: bool = False


@dataclass(frozen=True)
class Ligne:
    """`lu`, or `refus`: why not."""

    titre: str
    lu: Lu | None = None
    refus: str = ""


def lire(texte: str) -> list[Ligne]:
    """Every event of the file, in its order. Raises FichierIllisible."""
    if len(texte.encode("utf-8", "replace")) > OCTETS_MAX:
        raise FichierIllisible("Ce calendrier est trop lourd : 300 Ko au plus. Exportez une période plus courte.")
    texte = texte.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff\n ")
    if not texte.upper().startswith("BEGIN:VCALENDAR"):
        raise FichierIllisible("Ce fichier n'est pas un calendrier iCalendar (.ics).")
    try:
        agenda = Calendar.from_ical(ZONES.sub("", texte))
        evenements = list(agenda.walk("VEVENT"))
    except Exception as erreur:  # the library raises whatever a broken line meets
        raise FichierIllisible("Ce calendrier est abîmé : il ne se lit pas.") from erreur
    if not evenements:
        raise FichierIllisible("Ce calendrier ne contient aucun événement.")
    if len(evenements) > COMPOSANTS_MAX:
        raise FichierIllisible(f"{COMPOSANTS_MAX} événements au plus à la fois : exportez une période plus courte.")
    if sum("RRULE" in evenement for evenement in evenements) > REPETES_MAX:
        raise FichierIllisible(
            f"{REPETES_MAX} événements répétés au plus à la fois : exportez une période plus courte."
        )
    deplaces = {_cle(e) for e in evenements if "RECURRENCE-ID" in e}
    lignes = []
    for evenement in evenements:
        lignes += _lignes(evenement, deplaces)
        if len(lignes) > LIGNES_MAX:
            raise FichierIllisible(f"{LIGNES_MAX} dates au plus à la fois : exportez une période plus courte.")
    return lignes


def _lignes(evenement, deplaces) -> list[Ligne]:
    titre = _texte(evenement, "SUMMARY", 140)
    try:
        return [Ligne(titre, lu) for lu in _dates(evenement, titre, deplaces)]
    except LigneRefusee as refus:
        return [Ligne(titre or "sans titre", refus=str(refus))]
    except Exception:
        return [Ligne(titre or "sans titre", refus="Cet événement est mal écrit dans le fichier.")]


def _dates(evenement, titre, deplaces) -> Iterator[Lu]:
    if not titre:
        raise LigneRefusee("Il n'a pas de titre.")
    if "DTSTART" not in evenement:
        raise LigneRefusee("Il n'a pas de date.")
    depart = evenement["DTSTART"].dt
    entiere = not isinstance(depart, datetime)
    debut = _a_paris(depart)
    duree = _duree(evenement, depart)
    seul = Lu(
        uid=_court(_uid(evenement)),
        titre=titre,
        debut=debut,
        fin=_fin(debut, duree, entiere),
        journee_entiere=entiere,
        lieu=_texte(evenement, "LOCATION", 160),
        description=_texte(evenement, "DESCRIPTION", 4000, lignes=True),
        site=_site(evenement),
        annule=str(evenement.get("STATUS", "")).upper() == "CANCELLED",
    )
    if "RECURRENCE-ID" in evenement:
        yield replace(seul, uid=_court(_cle(evenement)))
        return
    if "RRULE" not in evenement and "RDATE" not in evenement:
        yield seul
        return
    for une in _occurrences(evenement, depart):
        cle = _cle_d_occurrence(_uid(evenement), une)
        if cle not in deplaces:
            yield replace(seul, uid=_court(cle), debut=une, fin=_fin(une, duree, entiere))


def _occurrences(evenement, depart) -> list[datetime]:
    """Starts of a recurring event, Europe/Paris, from now to the horizon. Raises LigneRefusee."""
    ecrite = evenement.get("RRULE")
    try:
        if "RDATE" in evenement or isinstance(ecrite, list):
            raise RepetitionInconnue
        regle = Regle.lire(ecrite)
    except RepetitionInconnue as inconnue:
        raise LigneRefusee(
            "Il se répète d'une façon que nous ne savons pas lire : entrez ces dates une par une."
        ) from inconnue
    # Local clock time, so that « tous les mardis à 18 h » stays at 18 h when the time changes.
    zone = depart.tzinfo if isinstance(depart, datetime) and depart.tzinfo else PARIS
    naif = depart.replace(tzinfo=None) if isinstance(depart, datetime) else datetime.combine(depart, time())
    maintenant = timezone.now().astimezone(zone).replace(tzinfo=None)
    limite = maintenant + HORIZON
    if jusque := ecrite.get("UNTIL"):
        limite = min(limite, _naif(jusque[0], zone, fin_de_jour=True))
    compte = int((ecrite.get("COUNT") or [0])[0])
    premier = naif if compte else maintenant - timedelta(days=1)  # counting starts with the first one
    exclues, retenues = _exclues(evenement, zone), []
    jours = regle.entre(naif.date(), premier.date(), limite.date())
    for jour in islice(jours, compte or None):
        une = datetime.combine(jour, naif.time())
        if une in exclues or une < maintenant - timedelta(days=1) or une > limite:
            continue
        retenues.append(une.replace(tzinfo=zone).astimezone(PARIS))
        if len(retenues) > OCCURRENCES_MAX:
            raise LigneRefusee(
                f"Il se répète plus de {OCCURRENCES_MAX} fois dans l'année : un agenda commun montre les rendez-vous "
                "qui comptent. Donnez une date de fin à la répétition."
            )
    if not retenues:
        raise LigneRefusee("Toutes ses dates sont passées, ou à plus d'un an.")
    return retenues


def _exclues(evenement, zone) -> set[datetime]:
    listes = evenement.get("EXDATE") or []
    return {_naif(d.dt, zone) for une in (listes if isinstance(listes, list) else [listes]) for d in une.dts}


def _naif(valeur, zone, *, fin_de_jour=False) -> datetime:
    """The clock time in `zone`, without it; a day is its start, or its end."""
    if not isinstance(valeur, datetime):
        return datetime.combine(valeur, time.max if fin_de_jour else time())
    return valeur.astimezone(zone).replace(tzinfo=None) if valeur.tzinfo else valeur


def _a_paris(valeur) -> datetime:
    if not isinstance(valeur, datetime):
        instant = datetime.combine(valeur, time(), PARIS)
    elif valeur.tzinfo is None:
        instant = valeur.replace(tzinfo=PARIS)
    else:
        instant = valeur.astimezone(PARIS)
    if not 2000 <= instant.year <= 2100:
        raise LigneRefusee("Vérifiez l'année : entre 2000 et 2100.")
    return instant


def _duree(evenement, depart) -> timedelta | None:
    """Elapsed time of an event with hours; a whole number of days otherwise."""
    if "DTEND" in evenement:
        arret = evenement["DTEND"].dt
        if isinstance(arret, datetime) != isinstance(depart, datetime):
            raise LigneRefusee("Sa fin n'est pas écrite comme son début.")
        duree = _a_paris(arret).astimezone(UTC) - _a_paris(depart).astimezone(UTC)
        if not isinstance(depart, datetime):
            duree = arret - depart
    elif "DURATION" in evenement:
        duree = evenement["DURATION"].dt
    else:
        return None
    if duree < timedelta():
        raise LigneRefusee("Il finit avant de commencer.")
    if duree > timedelta(days=62):
        raise LigneRefusee("Il dure plus de deux mois.")
    return duree or None


def _fin(debut, duree, entiere) -> datetime | None:
    if entiere:
        jours = max(1, (duree or timedelta(days=1)).days)
        return datetime.combine(debut.date() + timedelta(days=jours), time(), PARIS)
    return (debut.astimezone(UTC) + duree).astimezone(PARIS) if duree else None


def _uid(evenement) -> str:
    uid = _texte(evenement, "UID", 2000)
    if uid:
        return uid
    faits = f"{evenement.get('SUMMARY')}|{evenement['DTSTART'].to_ical()!r}"
    return f"sans-uid-{hashlib.sha256(faits.encode('utf-8', 'replace')).hexdigest()[:40]}"


def _cle(evenement) -> str:
    """Of the date that a moved occurrence stands for."""
    return _cle_d_occurrence(_uid(evenement), _a_paris(evenement["RECURRENCE-ID"].dt))


def _cle_d_occurrence(uid: str, instant: datetime) -> str:
    return f"{uid}#{instant:%Y%m%dT%H%M}"


def _court(uid: str) -> str:
    """What fits in the column, and stays itself."""
    return uid if len(uid) <= 200 else f"sha256-{hashlib.sha256(uid.encode('utf-8', 'replace')).hexdigest()}"


def _texte(evenement, nom, longueur, *, lignes=False) -> str:
    valeur = evenement.get(nom, "")
    brut = CONTROLES.sub(" ", str(valeur[0] if isinstance(valeur, list) else valeur).replace("\r\n", "\n"))
    propre = brut.strip() if lignes else " ".join(brut.split())
    return propre[:longueur]


def _site(evenement) -> str:
    adresse = _texte(evenement, "URL", 300)
    return adresse if re.fullmatch(r"https?://[^\s<>\"']{4,190}", adresse) else ""


def est_passe(lu: Lu) -> bool:
    """Over since yesterday at least."""
    return (lu.fin or lu.debut) < timezone.now() - timedelta(days=1)
