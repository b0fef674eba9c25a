"""What pages and mails say of a booking's days, worded once."""

from django import template

from pole_ess.socle.templatetags.francais import jour, moment
from ressources.agenda import en_jours, jours_de

register = template.Library()


@register.filter
def dates_de_reservation(reservation) -> str:
    """« le samedi 12 mars 2027 », « du samedi 12 au… », « le samedi 12 mars 2027, de 14 h à 17 h 30 »."""
    return dates_en_clair(reservation.periode)


@register.filter
def dates_en_clair(periode) -> str:
    """A [) period in words: whole days, or hours of Europe/Paris, whatever the calendar's step has become."""
    debut, fin = jours_de(periode)
    if en_jours(periode):
        return f"le {jour(debut)}" if debut == fin else f"du {jour(debut)} au {jour(fin)}"
    if debut == fin:
        heures = [moment(instant).rsplit(" à ", 1)[1] for instant in (periode.lower, periode.upper)]
        return f"le {jour(debut)}, de {heures[0]} à {heures[1]}"
    return f"du {moment(periode.lower)} au {moment(periode.upper)}"


@register.filter
def fin_prolongee(reservation) -> str:
    """The last day, or the hour, that is asked for."""
    periode = type(reservation.periode)(reservation.periode.lower, reservation.prolongation_jusqu_au, "[)")
    return jour(jours_de(periode)[1]) if en_jours(periode) else moment(periode.upper)
