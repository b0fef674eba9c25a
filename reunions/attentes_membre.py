"""What meetings make a member wait for, on « Mon compte »: the late actions that their structures lead."""

from django.urls import reverse

from annuaire.compte_attentes import AttenteDeMembre
from reunions.models import Action


def actions_en_retard(utilisateur):
    """One line: the action itself when it is alone. One query."""
    tardives = list(Action.objects.menees_par(utilisateur).en_retard().order_by("echeance", "pk")[:100])
    if len(tardives) == 1:
        phrase = f"« {tardives[0].titre} », que votre structure pilote, a dépassé sa date."
        yield AttenteDeMembre(phrase, "Dire où cela en est", tardives[0].get_absolute_url())
    elif tardives:
        phrase = f"{len(tardives)} actions que vos structures pilotent ont dépassé leur date."
        yield AttenteDeMembre(phrase, "Dire où cela en est", f"{reverse('reunions:actions')}?retard=1&miennes=1")
