"""The totals of a structure on its sheet, when it has chosen to show them."""

from django.utils import timezone

from annuaire.blocs import Bloc
from ressources.actions.bilans import est_montre
from ressources.bilans.annee import bilan_de
from ressources.bilans.fichiers import BASES_DITES
from ressources.bilans.mesures import Base
from ressources.bilans.presentation import en_phrase, totaux_publics


def contexte(structure, utilisateur):
    """Of its last finished year: one that still moves would tell, from one day to the next, what an exchange was worth.
    One query when nothing is shown."""
    if not est_montre(structure):
        return None
    bilan = bilan_de(structure, timezone.localdate().year - 1)
    parties = totaux_publics(bilan)
    if not parties:
        return None
    bases = {valeur.base for _, valeurs in parties for valeur in valeurs}
    return {
        "annee": bilan.annee,
        "parties": [(titre, [en_phrase(valeur) for valeur in valeurs]) for titre, valeurs in parties],
        "bases": [(nom, texte) for base, (nom, texte) in zip(Base, BASES_DITES, strict=True) if base in bases],
        "coefficients": bilan.coefficients() if Base.ESTIME in bases else [],
    }


BLOC = Bloc("bilan", "Ce que ses échanges ont apporté", "ressources/bilans/bloc.html", contexte, ordre=40)
