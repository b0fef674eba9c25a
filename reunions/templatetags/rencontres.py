"""What pages say of meetings and events, worded once."""

from django import template
from django.utils import timezone

from pole_ess.socle.templatetags.francais import jour
from reunions.calendrier.entrees import jours_de

register = template.Library()
INSECABLE = "\u00a0"


@register.filter
def heure(instant) -> str:
    """« 18 h », « 14 h 30 », « minuit », Europe/Paris."""
    if not instant:
        return ""
    local = timezone.localtime(instant)
    if not local.hour and not local.minute:
        return "minuit"
    minutes = f"{INSECABLE}{local:%M}" if local.minute else ""
    return f"{local.hour}{INSECABLE}h{minutes}"


@register.filter
def quand(objet) -> str:
    """« mercredi 26 mars 2014, de 18 h à 20 h »; « du … au … » over several days; « date à fixer » without a date."""
    if not objet.debut:
        return "date à fixer"
    premier, dernier = jours_de(objet)
    entiere = getattr(objet, "journee_entiere", False)
    if premier != dernier:
        if entiere:
            return f"du {jour(premier)} au {jour(dernier)}"
        fin = f" à {heure(objet.fin)}"
        return f"du {jour(premier)} à {heure(objet.debut)} au {jour(dernier)}{fin}"
    if entiere:
        return f"{jour(premier)}, toute la journée"
    if objet.fin:
        return f"{jour(premier)}, de {heure(objet.debut)} à {heure(objet.fin)}"
    return f"{jour(premier)} à {heure(objet.debut)}"


@register.filter
def ou(objet) -> str:
    """« L'Atrium, Vichy » ; « lieu à préciser »."""
    commune = objet.commune.nom if objet.commune else ""
    return ", ".join(filter(None, [objet.lieu, commune])) or "lieu à préciser"
