"""What merging two sheets does to their accounts of hours: the balances add up, and no entry is touched.

Entries are never changed: when both sheets have an account, the balance of the one that goes is transferred to the
other by an operation; the account itself stays, closed, `absorbe_par` the other, which shows its lines as its own.
"""

from django.utils import timezone

from ressources.actions.heures import ecrire_confirmee
from ressources.models import CompteHeures, OperationHeures

OBJET = "Réunion de deux fiches de la même structure"


def comptes_heures(modele, champ, garder, absorber):
    """One account: it follows. Two: the absorbed one's balance, open operations and former merges go to the other."""
    comptes = {
        compte.structure_id: compte
        for compte in CompteHeures.objects.select_for_update(no_key=True)
        .filter(structure__in=[garder, absorber])
        .order_by("pk")
    }
    reste, part = comptes.get(garder.pk), comptes.get(absorber.pk)
    if part is None:
        return
    if reste is None:
        CompteHeures.objects.filter(pk=part.pk).update(structure=garder)
        return
    _operations_ouvertes(part, reste)
    _rouvrir_et_baisser(part, reste)
    if part.solde:
        aidant, aide = (reste, part) if part.solde > 0 else (part, reste)
        # Towards zero from either side: the account that goes never passes its own floor.
        ecrire_confirmee(genre="fusion", aidant=aidant, aide=aide, heures=abs(part.solde), objet=OBJET)
    part.absorbes.update(absorbe_par=reste)
    CompteHeures.objects.filter(pk=part.pk).update(
        structure=None, absorbe_par=reste, ferme_le=part.ferme_le or timezone.now()
    )


def _operations_ouvertes(part, reste):
    """Open operations have no entry yet: they move. Those of the two with each other have lost their meaning."""
    ouvertes = OperationHeures.objects.ouvertes()
    entre_eux = ouvertes.filter(aidant__in=[part, reste], aide__in=[part, reste])
    entre_eux.update(etat="annulee", decidee_le=timezone.now(), motif=OBJET)
    ouvertes.filter(aidant=part).update(aidant=reste)
    ouvertes.filter(aide=part).update(aide=reste)


def _rouvrir_et_baisser(part, reste):
    """Open when one of the two was; a floor that both balances together do not pass."""
    CompteHeures.objects.filter(pk=reste.pk).update(
        ferme_le=None if part.ferme_le is None else reste.ferme_le,
        plancher=min(reste.plancher, reste.solde + part.solde),
    )
