"""When help is needed, and at what hour the next wave leaves."""

from django import template
from django.utils import timezone

from pole_ess.socle.templatetags.francais import jour, moment

register = template.Library()


def heure(instant) -> str:
    """« 14 h 20 », « 8 h », Europe/Paris."""
    ici = timezone.localtime(instant)
    minutes = f"\u00a0{ici:%M}" if ici.minute else ""
    return f"{ici.hour}\u00a0h{minutes}"


def heure_ou_jour(instant) -> str:
    """« 14 h 20 » today, « mercredi 26 mars 2014 à 7 h » another day."""
    return heure(instant) if timezone.localdate(instant) == timezone.localdate() else moment(instant)


@register.filter
def creneau(urgence) -> str:
    """« Mercredi 26 mars 2014, de 8 h à 16 h », « Du mardi … à 20 h au mercredi … à 6 h »."""
    debut, fin = timezone.localtime(urgence.debut), timezone.localtime(urgence.fin)
    if debut.date() == fin.date():
        return f"{jour(debut).capitalize()}, de {heure(debut)} à {heure(fin)}"
    return f"Du {moment(debut)} au {moment(fin)}"
