"""A new word of vigilance, for short news: as ressources.actions.moderation does for announcements."""

from django.db import transaction
from django.utils import timezone

from newsletter.models import Breve
from ressources import vigilance

from .breves import TEXTES


def reperer(expression: str) -> int:
    """Published ones that hold it are listed for the staff to read, and stay in line. How many."""
    nombre = 0
    for breve in Breve.objects.filter(etat=Breve.Etat.PUBLIEE).order_by("pk").iterator(500):
        if vigilance.contient(breve, expression, textes=TEXTES) and expression not in breve.vigilance:
            nombre += _a_relire(breve.pk, expression)
    return nombre


@transaction.atomic
def _a_relire(pk, expression) -> int:
    fraiche = Breve.objects.select_for_update(of=("self",)).filter(pk=pk, etat=Breve.Etat.PUBLIEE).first()
    if fraiche is None or expression in fraiche.vigilance:
        return 0
    fraiche.vigilance = sorted([*fraiche.vigilance, expression])
    fraiche.a_relire_depuis = fraiche.a_relire_depuis or timezone.now()
    fraiche.save(update_fields=["vigilance", "a_relire_depuis", "modifie_le"])
    return 1
