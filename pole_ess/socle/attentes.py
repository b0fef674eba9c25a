"""What waits for the hub's staff: each app registers a function, the admin's home shows them all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

_FONCTIONS: list[Callable] = []


@dataclass(frozen=True)
class Attente:
    """One line of the moderation home: how many wait, since when, and where to deal with them."""

    titre: str
    nombre: int
    url: str
    depuis: date | datetime | None = None
    aide: str = ""
    pressant: bool = False


def enregistrer(fonction: Callable) -> Callable:
    """`fonction(utilisateur)` returns the Attente that this user may deal with, in a constant number of queries."""
    if fonction not in _FONCTIONS:
        _FONCTIONS.append(fonction)
    return fonction


def toutes(utilisateur) -> list[Attente]:
    """What waits for this user, in the order of registration."""
    return [attente for fonction in _FONCTIONS for attente in fonction(utilisateur)]
