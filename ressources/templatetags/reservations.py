"""What pages and mails say of a booking's days, worded once."""

from django import template

from pole_ess.socle.templatetags.francais import jour, moment
from ressources.agenda import jours_de
from ressources.models import Calendrier

register = template.Library()


@register.filter
def dates_de_reservation(reservation) -> str:
    """« le samedi 12 mars 2027 », « du samedi 12 au… », « le samedi 12 mars 2027, de 14 h à 17 h 30 »."""
    return dates_en_clair(reservation.periode, reservation.calendrier.pas)


def dates_en_clair(periode, pas) -> str:
    """A [) period in words: whole days, or hours of Europe/Paris."""
    debut, fin = jours_de(periode)
    if pas == Calendrier.Pas.JOUR:
        return f"le {jour(debut)}" if debut == fin else f"du {jour(debut)} au {jour(fin)}"
    if debut == fin:
        heures = [moment(instant).rsplit(" à ", 1)[1] for instant in (periode.lower, periode.upper)]
        return f"le {jour(debut)}, de {heures[0]} à {heures[1]}"
    return f"du {moment(periode.lower)} au {moment(periode.upper)}"


@register.filter
def fin_prolongee(reservation) -> str:
    """The last day, or the hour, that is asked for."""
    if reservation.calendrier.pas == Calendrier.Pas.HEURE:
        return moment(reservation.prolongation_jusqu_au)
    periode = type(reservation.periode)(reservation.periode.lower, reservation.prolongation_jusqu_au, "[)")
    return jour(jours_de(periode)[1])
