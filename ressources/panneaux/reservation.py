"""Booking what is lent: the next free dates and the button, or what waits for the lender."""

from ressources.models import Reservation
from ressources.permissions import est_de_la_maison, peut_gerer
from ressources.presentation_reservation import libres_autour


def se_reserve(annonce) -> bool:
    """Dates may be asked for now: its calendar is open, and so is the announcement."""
    calendrier = getattr(annonce, "calendrier", None) if annonce.peut_etre_reservee else None
    return calendrier is not None and calendrier.actif and annonce.est_ouverte


def contexte(annonce, utilisateur):
    if not annonce.peut_etre_reservee:
        return None
    calendrier = getattr(annonce, "calendrier", None)
    gere = peut_gerer(utilisateur, annonce)
    if calendrier is None:
        return {"calendrier": None, "gere": True} if gere else None
    ouverte = se_reserve(annonce)
    if not ouverte and not gere:
        return None
    return {
        "calendrier": calendrier,
        "gere": gere,
        "maison": gere and est_de_la_maison(utilisateur, annonce),
        "ouverte": ouverte,
        "connecte": utilisateur.is_authenticated,
        "libres": libres_autour(calendrier) if ouverte else [],
        "en_attente": calendrier.reservations.filter(etat=Reservation.Etat.DEMANDEE).count() if gere else 0,
    }
