"""The totals of a structure on its sheet, when it has chosen to show them."""

from django.utils import timezone

from annuaire.blocs import Bloc
from ressources.actions.bilans import est_montre
from ressources.bilans.annee import bilan_de
from ressources.bilans.presentation import totaux_publics


def contexte(structure, utilisateur):
    """Of its last finished year: one that still moves would tell, from one day to the next, what an exchange was worth.
    One query when nothing is shown."""
    if not est_montre(structure):
        return None
    bilan = bilan_de(structure, timezone.localdate().year - 1)
    parties = totaux_publics(bilan)
    return {"bilan": bilan, "parties": parties, "coefficients": bilan.coefficients()} if parties else None


BLOC = Bloc("bilan", "Ce que ses échanges ont apporté", "ressources/bilans/bloc.html", contexte, ordre=40)
