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


def toutes(utilisateur) -> list[AttenteDeMembre]:
    """In the order of registration."""
    return [attente for fonction in _FONCTIONS for attente in fonction(utilisateur)]
