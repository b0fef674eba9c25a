"""All that a structure lends, over a month: one line a resource, one cell a day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from ressources.agenda import Mois, plage
from ressources.models import Calendrier, Fermeture, Reservation
from ressources.presentation_calendrier import Case, cases_du_mois, du_mois, voisins

CALENDRIERS_MAX = 200
SIGNES = {"libre": "", "partiel": "½", "pris": "P", "ferme": "F", "juste": "J"}
"""What a narrow cell shows; the words are in it too, for those who do not see it."""


@dataclass
class Ligne:
    """`reservations` and `fermetures`: those of the month, to be listed."""

    calendrier: Calendrier
    cases: list[Case]
    reservations: list[Reservation]
    fermetures: list[Fermeture]


@dataclass
class Planning:
    premier: date
    jours: list[date]
    lignes: list[Ligne]
    precedent: date | None
    suivant: date | None


def planning(structure, premier) -> Planning:
    """In three queries, whatever it lends; for its members and staff, who see every name."""
    calendriers = list(
        Calendrier.objects.filter(annonce__structure=structure)
        .exclude(annonce__etat__in=["archivee", "refusee"])
        .select_related("annonce")
        .order_by("annonce__titre", "pk")[:CALENDRIERS_MAX]
    )
    mois = du_mois(premier)
    battement = max([calendrier.battement_heures for calendrier in calendriers], default=0)
    fenetre = plage(mois.lower, mois.upper + timedelta(hours=battement))
    reservations, fermetures = defaultdict(list), defaultdict(list)
    for reservation in Reservation.objects.filter(calendrier__in=calendriers).pour_mois(fenetre):
        reservations[reservation.calendrier_id].append(reservation)
    for fermeture in Fermeture.objects.filter(calendrier__in=calendriers).pendant(fenetre):
        fermetures[fermeture.calendrier_id].append(fermeture)
    lignes = []
    for calendrier in calendriers:
        siennes = reservations[calendrier.pk], fermetures[calendrier.pk]
        _, cases = cases_du_mois(calendrier, premier, *siennes, siennes=set(), gere=False, maison=True)
        lignes.append(Ligne(calendrier, cases, *siennes))
    vide = Mois.construire(premier.year, premier.month)
    return Planning(premier, [jour.date for jour in vide.jours], lignes, *voisins(vide))
