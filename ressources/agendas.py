"""What the iCalendar feeds hold: names of structures and of resources, never a person's, nor what they wrote."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from ressources.agenda import ical
from ressources.models import Calendrier, Fermeture, Reservation

PASSE = timedelta(days=92)
EVENEMENTS_MAX = 2000
MONTREES = ("demandee", "confirmee", "remise", "rendue")


def de_ressource(calendrier) -> tuple[bytes, datetime]:
    """Bookings and closures of one resource; and when the newest of them changed."""
    nom = str(calendrier.annonce)
    return _ecrire(
        nom,
        reservations=Reservation.objects.filter(calendrier=calendrier),
        fermetures=Fermeture.objects.filter(calendrier=calendrier),
        depuis=max(calendrier.modifie_le, calendrier.annonce.modifie_le),
    )


def de_structure(structure) -> tuple[bytes, datetime]:
    """What a structure lends, with its closures, and what it borrows."""
    siens = Calendrier.objects.filter(annonce__structure=structure).exclude(annonce__etat="archivee")
    dates = siens.values_list("modifie_le", "annonce__modifie_le")
    return _ecrire(
        f"Prêts de {structure.nom}",
        reservations=Reservation.objects.de_la_structure(structure),
        fermetures=Fermeture.objects.filter(calendrier__in=siens),
        depuis=max([structure.modifie_le, *(date for paire in dates for date in paire)]),
        chez=structure,
    )


def _ecrire(nom, *, reservations, fermetures, depuis, chez=None):
    fenetre = {"periode__endswith__gt": timezone.now() - PASSE}
    dernieres = [depuis]
    evenements = []
    for reservation in (
        reservations.filter(**fenetre).pour_listes().select_related("calendrier__annonce__commune")[:EVENEMENTS_MAX]
    ):
        dernieres.append(reservation.modifie_le)
        if reservation.etat in MONTREES:
            evenements.append(_de_reservation(reservation, chez))
    lues = fermetures.filter(**fenetre).select_related("calendrier__annonce").order_by("periode", "pk")
    for fermeture in lues[:EVENEMENTS_MAX]:
        dernieres.append(fermeture.modifie_le)
        evenements.append(_de_fermeture(fermeture))
    return ical.ecrire(nom, evenements), max(dernieres)


def _uid(sorte, pk) -> str:
    return f"{sorte}-{pk}@{urlsplit(settings.PORTAIL_URL).hostname or 'pole-ess'}"


def _de_reservation(reservation, chez) -> ical.Evenement:
    annonce = reservation.calendrier.annonce
    emprunte = chez is not None and reservation.structure_id == chez.pk
    nombre = f" ({reservation.quantite})" if reservation.quantite > 1 else ""
    autre = f"chez {annonce.structure.nom}" if emprunte else f"à {reservation.structure.nom}"
    quoi = f"{annonce}{nombre}, {autre}"
    if reservation.etat == Reservation.Etat.DEMANDEE:
        quoi = f"Demande : {quoi}"
    elif chez is not None:
        quoi = f"{'Emprunté' if emprunte else 'Prêté'} : {quoi}"
    return ical.Evenement(
        uid=_uid("reservation", reservation.pk),
        titre=quoi,
        periode=reservation.periode,
        cree_le=reservation.cree_le,
        modifie_le=reservation.modifie_le,
        ferme=reservation.etat != Reservation.Etat.DEMANDEE,
        lieu=annonce.commune.nom if annonce.commune else "",
        url=f"{settings.PORTAIL_URL}{reservation.get_absolute_url()}",
    )


def _de_fermeture(fermeture) -> ical.Evenement:
    """Its kind only: the reason may name somebody."""
    return ical.Evenement(
        uid=_uid("fermeture", fermeture.pk),
        titre=f"{fermeture.calendrier.annonce} : {fermeture.get_genre_display()}",
        periode=fermeture.periode,
        cree_le=fermeture.cree_le,
        modifie_le=fermeture.modifie_le,
        occupe=fermeture.bloque,
    )
