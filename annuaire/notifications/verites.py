"""Whether what a notice tells still holds when its grouped mail leaves: each app says it for its objects."""

from collections import defaultdict
from collections.abc import Callable

from django.apps import apps

_VERITES: dict[tuple[str, str], Callable] = {}


def enregistrer_verites(verites) -> None:
    """(kind, model, `fonction(utilisateur)`): what this person is still to be told of under this kind."""
    _VERITES.update({(sorte, modele._meta.label_lower): fonction for sorte, modele, fonction in verites})


def encore_vrais(avis: list, utilisateur) -> list:
    """Those still true, in the same order. Without a rule, the object must exist. One query for a kind and a model."""
    groupes = defaultdict(set)
    for un in avis:
        if un.objet_type:
            groupes[un.sorte, un.objet_type].add(un.objet_id)
    bons = {groupe: _bons(*groupe, cles, utilisateur) for groupe, cles in groupes.items()}
    return [un for un in avis if not un.objet_type or un.objet_id in bons[un.sorte, un.objet_type]]


def _bons(sorte, modele, cles, utilisateur) -> set[str]:
    regle = _VERITES.get((sorte, modele))
    lignes = regle(utilisateur) if regle else apps.get_model(modele)._base_manager.all()
    return {str(cle) for cle in lignes.filter(pk__in=cles).order_by().values_list("pk", flat=True)}
