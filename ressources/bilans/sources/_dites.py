"""Which loans and parts somebody put a figure on: they are not estimated."""

from django.db.models import Q

from ressources.models import Bilan


def paires_dites(champ: str, *, structure=None) -> set[tuple[int, int]]:
    """(announcement, structure of either side) whose exchange has `champ`, said apart from any booking; one query.

    Whatever the day it was said: rather too few estimates than one beside a declared figure.
    """
    dites = Bilan.objects.filter(**{f"{champ}__isnull": False}, reservation=None).order_by()
    if structure is not None:
        dites = dites.filter(
            Q(structure=structure)
            | Q(avec=structure)
            | Q(mise_en_relation__annonceur=structure)
            | Q(mise_en_relation__structure=structure)
        )
    lignes = dites.values_list("annonce", "structure", "avec", "mise_en_relation__structure")
    return {(annonce, qui) for annonce, *cotes in lignes for qui in cotes if qui is not None}
