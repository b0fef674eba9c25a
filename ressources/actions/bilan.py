"""What an exchange was worth, as each side declares it. « Declared by both » is two rows, never a sum."""

from django.db import transaction

from ressources.models import Annonce, Bilan, MiseEnRelation


@transaction.atomic
def declarer(
    *,
    annonce,
    structure,
    par,
    heures=None,
    euros=None,
    kilos=None,
    mise_en_relation=None,
    reservation=None,
    avec=None,
    avec_libre="",
) -> Bilan:
    """Write what `structure` says an exchange was worth; said again, its row is corrected, not doubled.

    Each figure is optional: a row without any says that the exchange took place. Without a conversation nor a
    booking, `avec` (a structure) or `avec_libre` (its name) tell exchanges of one announcement apart; when `avec`
    has a conversation about it, the row belongs to that conversation, so that both sides' words meet.
    """
    valeurs = {"heures": heures, "euros": euros, "kilos": kilos, "declare_par": par}
    if reservation is not None:
        return _ecrire({"reservation": reservation}, annonce, structure, avec, avec_libre, valeurs)
    if mise_en_relation is None:
        Annonce.objects.select_for_update(of=("self",)).get(pk=annonce.pk)
        if avec is not None and annonce.structure_id in (structure.pk, avec.pk):
            repondante = avec if structure.pk == annonce.structure_id else structure
            mise_en_relation = MiseEnRelation.objects.filter(annonce=annonce, structure=repondante).first()
    if mise_en_relation is not None:
        return _ecrire({"mise_en_relation": mise_en_relation}, annonce, structure, avec, avec_libre, valeurs)
    cle = {"mise_en_relation": None, "reservation": None, "annonce": annonce, "avec": avec, "avec_libre": avec_libre}
    return _ecrire(cle, annonce, structure, avec, avec_libre, valeurs)


def _ecrire(cle, annonce, structure, avec, avec_libre, valeurs) -> Bilan:
    reste = {"annonce": annonce, "avec": avec, "avec_libre": avec_libre[:160], **valeurs}
    bilan, _ = Bilan.objects.update_or_create(
        **cle, structure=structure, defaults={nom: valeur for nom, valeur in reste.items() if nom not in cle}
    )
    return bilan
