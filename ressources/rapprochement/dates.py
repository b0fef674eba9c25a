"""« 12 mars » this year, « 12 mars 2028 » another one."""

from datetime import date

from django.utils import timezone
from django.utils.dateformat import format as format_date


def dire_jour(jour: date) -> str:
    annee = "" if jour.year == timezone.localdate().year else " Y"
    numero = "1er" if jour.day == 1 else str(jour.day)
    return f"{numero} {format_date(jour, f'F{annee}')}"


def dire_mois(jour: date) -> str:
    """« mars 2027 »."""
    return format_date(jour, "F Y")
