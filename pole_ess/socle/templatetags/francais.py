"""French typography and numbers in templates (loaded everywhere as a builtin)."""

from django import template
from django.template.defaultfilters import date as format_date
from django.utils import timezone

register = template.Library()


@register.filter
def jour(valeur) -> str:
    """« mercredi 26 mars 2014 »."""
    return format_date(valeur, "l j F Y").replace(" 1 ", " 1er ", 1) if valeur else ""


@register.filter
def date_en_clair(valeur) -> str:
    """« 26 mars 2014 », « 1er mars 2014 »."""
    return f"{'1er' if valeur.day == 1 else valeur.day} {format_date(valeur, 'F Y')}" if valeur else ""


@register.filter
def moment(valeur) -> str:
    """« mercredi 26 mars 2014 à 18 h » in Europe/Paris; minutes only when there are some."""
    if not valeur:
        return ""
    local = timezone.localtime(valeur) if timezone.is_aware(valeur) else valeur
    minutes = f"\u00a0{local:%M}" if local.minute else ""
    return f"{jour(local)} à {local.hour}\u00a0h{minutes}"


@register.filter
def depuis(valeur) -> str:
    """« aujourd'hui », « hier », « il y a 5 jours », « il y a 3 semaines », « il y a 4 mois », « il y a 2 ans »."""
    if not valeur:
        return ""
    date = timezone.localtime(valeur).date() if hasattr(valeur, "hour") else valeur
    jours = (timezone.localdate() - date).days
    if jours <= 0:
        return "aujourd'hui"
    if jours == 1:
        return "hier"
    if jours < 14:
        return f"il y a {jours} jours"
    if jours < 60:
        return f"il y a {jours // 7} semaines"
    if jours < 730:
        return f"il y a {jours // 30} mois"
    return f"il y a {jours // 365} ans"


DUREES = {30: "un mois", 90: "trois mois", 180: "six mois", 365: "un an"}


@register.filter
def duree(jours: int) -> str:
    """« trois mois », « un an », else « 45 jours »."""
    return DUREES.get(jours) or f"{jours}\u00a0jours"


@register.filter
def pluriel(compte, formes: str) -> str:
    """`{{ n|pluriel:"structure,structures" }}`: singular below 2, as French has it."""
    singulier, _, plusieurs = formes.partition(",")
    return singulier if abs(compte or 0) < 2 else plusieurs


@register.filter
def km(valeur) -> str:
    """A distance in km: « sur place », « 4,5 km », « 18 km »."""
    if valeur is None:
        return ""
    if valeur < 1:
        return "sur place"
    return f"{valeur:.1f} km".replace(".", ",") if valeur < 10 else f"{valeur:.0f} km"


@register.filter
def nombre(valeur) -> str:
    """1204 -> « 1 204 » (no-break space)."""
    if valeur in (None, ""):
        return ""
    return f"{valeur:,}".replace(",", "\u00a0").replace(".", ",")


@register.filter
def chiffre(valeur) -> str:
    """A figure of a table: « 1 204 », « 12,5 » (no useless zeros), a word as it is; « – » when it is not known."""
    if valeur is None:
        return "–"
    if isinstance(valeur, str):
        return valeur
    entier, _, decimales = nombre(valeur).partition(",")
    decimales = decimales.rstrip("0")
    return f"{entier},{decimales}" if decimales else entier


@register.filter
def attente(secondes) -> str:
    """How long to wait, rounded up: « 1 minute », « 35 minutes », « 3 heures »."""
    minutes = max(1, -(-int(secondes) // 60))
    if minutes < 90:
        return f"{minutes} {pluriel(minutes, 'minute,minutes')}"
    heures = -(-minutes // 60)
    return f"{heures} heures"
