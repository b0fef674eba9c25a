"""What waits for a member in the directory."""

from django.urls import reverse
from django.utils import timezone

from annuaire.compte_attentes import AttenteDeMembre
from annuaire.models import Structure
from annuaire.querysets import structures_de


def fiches_a_confirmer(utilisateur):
    """The sheets that this person answers for and nobody has confirmed for the hub's time: one goes by its name."""
    siennes = structures_de(utilisateur, referent=True)
    fiches = list(Structure.objects.a_confirmer(timezone.localdate()).filter(pk__in=siennes).order_by("tri", "pk")[:50])
    if len(fiches) == 1:
        phrase = f"La fiche de {fiches[0].nom} n'a pas été confirmée depuis longtemps."
        yield AttenteDeMembre(phrase, "Dire si tout est juste", reverse("annuaire:confirmer", args=[fiches[0].slug]))
    elif fiches:
        phrase = f"{len(fiches)} fiches de vos structures n'ont pas été confirmées depuis longtemps."
        yield AttenteDeMembre(phrase, "Voir mes structures", reverse("mon_compte"))
