"""A month of a calendar as a person may read it: each day in words, who has it if they may know, what to click."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone

from annuaire.querysets import structures_de
from ressources.actions.reservations import blocage
from ressources.agenda import FUSEAU, Etat, Mois, jours
from ressources.agenda.mois import pic
from ressources.models import Calendrier, Reservation

MOIS_PASSES, MOIS_A_VENIR = 12, 24
PASSE = "passé"
JUSTE = "trop juste"
"""Free, but the buffer after it would run into the next booking."""
CLASSES = {Etat.LIBRE: "libre", Etat.PARTIEL: "partiel", Etat.PRIS: "pris", Etat.FERME: "ferme", JUSTE: "juste"}


@dataclass
class Entree:
    """A booking that this person may know of."""

    texte: str
    url: str


@dataclass
class Case:
    """One day. `mot`: its state; `reste`: « reste 20 sur 100 »; `details`: hours taken, closures, warnings."""

    date: date
    mot: str
    classe: str
    passe: bool
    aujourdhui: bool
    reste: str = ""
    details: list[str] = field(default_factory=list)
    entrees: list[Entree] = field(default_factory=list)
    lien: str = ""
    geste: str = ""


@dataclass
class PageMois:
    """`semaines`: (week number, seven cells or None outside the month); `cases`: the days to list."""

    premier: date
    semaines: list
    cases: list[Case]
    precedent: date | None
    suivant: date | None
    noms: tuple[str, ...] = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")


def lire_mois(texte: str) -> date:
    """« 2027-03 » -> its first day; this month when it is no month, or too far."""
    ici = timezone.localdate().replace(day=1)
    lu = re.fullmatch(r"(\d{4})-(\d{2})", texte or "", re.ASCII)
    if not lu or not 1 <= int(lu[2]) <= 12 or not 1 <= int(lu[1]) <= 9998:
        return ici
    premier = date(int(lu[1]), int(lu[2]), 1)
    return premier if _permis(premier) else ici


def _permis(premier: date) -> bool:
    ici = timezone.localdate()
    ecart = (premier.year - ici.year) * 12 + premier.month - ici.month
    return -MOIS_PASSES <= ecart <= MOIS_A_VENIR


def voisins(mois: Mois) -> tuple[date | None, date | None]:
    """The months before and after, None where the calendar stops."""
    return tuple(autre if _permis(autre) else None for autre in (mois.precedent, mois.suivant))


def page_du_mois(calendrier, premier, *, utilisateur, gere, maison) -> PageMois:
    """In two queries, three for an account. `maison`: its members and staff, who see names; `gere`: who may close."""
    fenetre = blocage(calendrier, du_mois(premier))
    reservations = list(calendrier.reservations.pour_mois(fenetre))
    fermetures = list(calendrier.fermetures.pendant(fenetre))
    siennes = set()
    if utilisateur.is_authenticated and not maison:
        siennes = set(structures_de(utilisateur).values_list("structure_id", flat=True))
    mois, cases = cases_du_mois(
        calendrier, premier, reservations, fermetures, siennes=siennes, gere=gere, maison=maison
    )
    par_jour = {case.date: case for case in cases}
    semaines = [
        (semaine[0].date.isocalendar().week, [par_jour.get(jour.date) for jour in semaine]) for semaine in mois.semaines
    ]
    passe = premier < timezone.localdate().replace(day=1)
    return PageMois(premier, semaines, [case for case in cases if passe or not case.passe], *voisins(mois))


def du_mois(premier: date):
    """From the first to the last day of a month."""
    return jours(premier, (premier + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def cases_du_mois(calendrier, premier, reservations, fermetures, *, siennes, gere, maison) -> tuple[Mois, list[Case]]:
    """The month and its days, from rows already read."""
    prises = [r for r in reservations if r.bloque]
    mois = Mois.construire(
        premier.year, premier.month, capacite=calendrier.capacite, reservations=prises, fermetures=fermetures
    )
    montre = _Montreur(calendrier, reservations, prises, siennes, gere, maison)
    return mois, [montre.case(jour) for jour in mois.jours]


class _Montreur:
    """What this person sees of each day of one calendar."""

    def __init__(self, calendrier, reservations, prises, siennes, gere, maison):
        self.calendrier, self.reservations, self.siennes = calendrier, reservations, siennes
        self.gere, self.maison = gere, maison
        self.prises = [(r.blocage, r.quantite) for r in prises]
        self.aujourdhui = timezone.localdate()
        self.ouvert = calendrier.actif and calendrier.annonce.est_ouverte and calendrier.annonce.peut_etre_reservee
        self.premier = self.aujourdhui + timedelta(days=calendrier.preavis_jours)
        self.dernier = self.aujourdhui + timedelta(days=calendrier.horizon_jours)

    def case(self, jour) -> Case:
        passe = jour.date < self.aujourdhui
        case = Case(jour.date, *self._mot(jour, passe), passe, jour.date == self.aujourdhui)
        if self.calendrier.capacite > 1 and jour.etat != Etat.FERME:
            case.reste = f"reste {jour.libres} sur {self.calendrier.capacite}"
        case.details = [*self._heures(jour), *self._fermetures(jour), *self._preavis(jour, passe)]
        case.entrees = self._entrees(jour)
        if not passe:
            case.lien, case.geste = self._geste(jour, case.mot)
        return case

    def _mot(self, jour, passe) -> tuple[str, str]:
        """Its state in a word or two, and the class that goes with it."""
        if jour.etat != Etat.LIBRE or (not passe and self._tient(jour)):
            return jour.etat.value, CLASSES[jour.etat]
        return (PASSE, CLASSES[Etat.LIBRE]) if passe else (JUSTE, CLASSES[JUSTE])

    def _tient(self, jour) -> bool:
        """A booking of that one day would have room, buffer included."""
        if self.calendrier.pas == Calendrier.Pas.HEURE:
            return True
        return pic(blocage(self.calendrier, jours(jour.date, jour.date)), self.prises) < self.calendrier.capacite

    def _geste(self, jour, mot) -> tuple[str, str]:
        """(address, what it does): close for who manages, book for the others, nothing where neither can be."""
        if self.gere:
            chemin = reverse("ressources:fermeture_creer", args=[self.calendrier.annonce_id])
            return _du(chemin, jour.date), "fermer ce jour"
        if self.maison or not self.ouvert or not self.premier <= jour.date <= self.dernier:
            return "", ""
        par_heures = self.calendrier.pas == Calendrier.Pas.HEURE
        bloque = any(f.bloque for f in jour.fermetures)
        if mot == Etat.LIBRE or (mot == Etat.PARTIEL and (par_heures or (jour.libres and not bloque))):
            return _du(reverse("ressources:reserver", args=[self.calendrier.annonce_id]), jour.date), "réserver"
        return "", ""

    def _heures(self, jour) -> list[str]:
        """When an exclusive resource is taken for a part of the day, buffer included."""
        if self.calendrier.capacite > 1 or jour.etat != Etat.PARTIEL:
            return []
        return [f"pris {_de_a(r.blocage, jour.date)}" for r in jour.reservations]

    def _preavis(self, jour, passe) -> list[str]:
        """Why a free day cannot be asked for any more, or not yet."""
        if passe or self.maison or not self.ouvert or jour.etat != Etat.LIBRE:
            return []
        if jour.date < self.premier:
            return ["trop tard pour demander"]
        return ["trop tôt pour demander"] if jour.date > self.dernier else []

    def _fermetures(self, jour) -> list[str]:
        dites = []
        for fermeture in jour.fermetures:
            quand = _de_a(fermeture.periode, jour.date)
            debut = " ".join(filter(None, ["fermé" if fermeture.bloque else "avis", quand]))
            if debut == jour.etat:  # said already
                dites.append(fermeture.motif)
            else:
                dites.append(f"{debut} : {fermeture.motif}" if fermeture.motif else debut)
        return [dite for dite in dites if dite]

    def _entrees(self, jour) -> list[Entree]:
        plage = jours(jour.date, jour.date)
        visibles = (
            r
            for r in self.reservations
            if (self.maison or r.structure_id in self.siennes)
            and r.periode.lower < plage.upper
            and plage.lower < r.periode.upper
        )
        return [Entree(self._dire(r), r.get_absolute_url()) for r in visibles]

    def _dire(self, reservation) -> str:
        demandee = reservation.etat == Reservation.Etat.DEMANDEE
        if not self.maison:
            return "votre demande" if demandee else "votre réservation"
        nombre = f" ({reservation.quantite})" if reservation.quantite > 1 else ""
        suite = {"demandee": ", demandé", "rendue": ", rendu"}.get(reservation.etat, "")
        return f"{reservation.structure.nom}{nombre}{suite}"


def _du(chemin, jour) -> str:
    return f"{chemin}?{urlencode({'du': jour.isoformat()})}"


def _de_a(periode, jour) -> str:
    """« de 14 h à 17 h 30 », « jusqu'à 12 h », « à partir de 18 h »; empty when it covers the day."""
    plage = jours(jour, jour)
    debut = periode.lower > plage.lower
    fin = periode.upper < plage.upper
    heures = [_heure(borne.astimezone(FUSEAU)) for borne in (periode.lower, periode.upper)]
    if debut and fin:
        return f"de {heures[0]} à {heures[1]}"
    if debut:
        return f"à partir de {heures[0]}"
    return f"jusqu'à {heures[1]}" if fin else ""


def _heure(instant) -> str:
    return f"{instant.hour}\u00a0h\u00a0{instant:%M}" if instant.minute else f"{instant.hour}\u00a0h"


def nom_du_mois(premier: date) -> str:
    """« mars 2027 »."""
    return format_date(premier, "F Y")


def regles_en_clair(calendrier) -> list[str]:
    """The rules, one short sentence each."""
    dites = ["On réserve par jours entiers" if calendrier.pas == Calendrier.Pas.JOUR else "On réserve par heures"]
    if calendrier.genre == Calendrier.Genre.POOL:
        dites.append(f"{calendrier.capacite} en tout, partagés entre les emprunteurs")
    else:
        dites.append("un emprunteur à la fois")
    if calendrier.preavis_jours:
        dites.append(f"au moins {_jours(calendrier.preavis_jours)} à l'avance")
    if calendrier.duree_max_jours:
        dites.append(f"{_jours(calendrier.duree_max_jours)} au plus")
    if calendrier.battement_heures:
        dites.append(f"{calendrier.battement_heures} h gardées libres après chaque retour")
    return dites


def _jours(nombre) -> str:
    return f"{nombre} jour{'s' if nombre > 1 else ''}"
