"""Who leads is reminded: a week before the day, then once it is past.

Each row is taken with its lock and judged again under it (`skip_locked`), `rappelee_le` says when it was last done for
this day, and the key of the mail forbids a second one: two workers never remind twice.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from reunions.models import Action

from .suites import ecrire_a

AVANT = timedelta(days=7)
OUBLI = timedelta(days=60)
"""Late for longer: no reminder is worth sending; it waits on the agenda of the next meeting."""


def _dues(aujourdhui) -> Q:
    """Not reminded since the week before began, or since the day passed; one noted less than a week before is not."""
    tot = Q(rappelee_le__isnull=True, cree_le__date__lt=F("echeance") - AVANT) | Q(
        rappelee_le__lt=F("echeance") - AVANT
    )
    bientot = Q(echeance__range=(aujourdhui, aujourdhui + AVANT)) & tot
    jamais = Q(rappelee_le__isnull=True) | Q(rappelee_le__lte=F("echeance"))
    passee = Q(echeance__range=(aujourdhui - OUBLI, aujourdhui - timedelta(days=1))) & jamais
    return Q(etat__in=["a_faire", "en_cours"], pilote__isnull=False) & (bientot | passee)


def rappeler() -> int:
    """The reminders that are due today (Europe/Paris). How many actions."""
    aujourdhui, combien = timezone.localdate(), 0
    dues = _dues(aujourdhui)
    for pk in Action.objects.filter(dues).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            lignes = Action.objects.select_for_update(of=("self",), skip_locked=True).select_related("pilote")
            action = lignes.filter(dues, pk=pk).first()
            if action is None:  # another worker has it, or it has just been done
                continue
            Action.objects.filter(pk=pk).update(rappelee_le=aujourdhui)
            quoi = "retard" if action.echeance < aujourdhui else "bientot"
            unique = f"action-rappel-{pk}-{action.echeance:%Y%m%d}-{quoi}"
            ecrire_a([action.pilote], "action_rappel", objet=action, unique=unique, en_retard=quoi == "retard")
            combien += 1
    return combien
