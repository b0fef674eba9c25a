"""What pages and mails say of a shift, worded once."""

from django import template
from django.utils import timezone

from pole_ess.socle.templatetags.francais import jour, moment
from ressources.models.benevolat_profil import DEMI_JOURNEES

register = template.Library()


def _heure(instant) -> str:
    return moment(instant).rsplit(" à ", 1)[1]


@register.filter
def heures(creneau) -> str:
    """« de 14 h à 17 h 30 », Europe/Paris; « au lendemain » when it ends another day."""
    suite = "" if timezone.localdate(creneau.debut) == timezone.localdate(creneau.fin) else " le lendemain"
    return f"de {_heure(creneau.debut)} à {_heure(creneau.fin)}{suite}"


@register.filter
def quand(creneau) -> str:
    """« le samedi 12 mars 2027, de 14 h à 17 h 30 »."""
    return f"le {jour(timezone.localtime(creneau.debut))}, {heures(creneau)}"


@register.filter
def ou(creneau) -> str:
    """The shift's own place, else its mission's, else the announcement's commune."""
    mission = creneau.mission
    commune = mission.annonce.commune
    return creneau.lieu or mission.lieu or (commune.nom if commune else "")


@register.filter
def disponibilites(profil) -> list[str]:
    """« lundi matin », « samedi après-midi »: in the order of the week."""
    return [mots for code, mots in DEMI_JOURNEES if code in profil.demi_journees]
