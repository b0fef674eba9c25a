"""What waits for a member, on « Mon compte »: outer apps register theirs in AppConfig.ready.

Imports go one way: the account page cannot ask `ressources` for its conversations.
"""

from collections.abc import Callable
from typing import NamedTuple


class AttenteDeMembre(NamedTuple):
    """One line: a French sentence, then where to deal with it."""

    phrase: str
    action: str
    url: str


_FONCTIONS: list[Callable] = []


def enregistrer(fonction: Callable) -> None:
    """`fonction(utilisateur)` yields AttenteDeMembre, in a constant number of queries."""
    if fonction not in _FONCTIONS:
        _FONCTIONS.append(fonction)


def contexte(utilisateur) -> dict:
    """What templates/annuaire/_attentes.html shows; all empty when nothing waits."""
    from annuaire.models import Rattachement  # this registry is filled before the models are loaded

    return {
        "attentes": Rattachement.objects.en_attente_de(utilisateur),
        "a_decider": Rattachement.objects.a_decider_par(utilisateur),
        "attentes_des_apps": toutes(utilisateur),
    }


def toutes(utilisateur) -> list[AttenteDeMembre]:
    """In the order of registration."""
    return [attente for fonction in _FONCTIONS for attente in fonction(utilisateur)]
