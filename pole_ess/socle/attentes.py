"""What waits for the hub's staff: each app registers a function, the admin's home shows them all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

_FONCTIONS: list[Callable] = []


@dataclass(frozen=True)
class Attente:
    """One line of the moderation home: how many wait, since when, and where to deal with them.

    `pressant`: somebody waits, or it is late. `peut_attendre`: nothing to do at once, however old.
    """

    titre: str
    nombre: int
    url: str
    depuis: date | datetime | None = None
    aide: str = ""
    pressant: bool = False
    peut_attendre: bool = False

    @property
    def urgence(self) -> tuple:
        """Sorts: what presses, then the rest, then what may wait; the oldest first, without a date last."""
        rang = 0 if self.pressant else 2 if self.peut_attendre else 1
        return rang, self.depuis is None, f"{self.depuis:%Y-%m-%d}" if self.depuis else ""


def enregistrer(fonction: Callable) -> Callable:
    """`fonction(utilisateur)` returns the Attente that this user may deal with, in a constant number of queries."""
    if fonction not in _FONCTIONS:
        _FONCTIONS.append(fonction)
    return fonction


def toutes(utilisateur) -> list[Attente]:
    """What waits for this user, the most urgent first; the same urgency in the order of registration."""
    lignes = [attente for fonction in _FONCTIONS for attente in fonction(utilisateur)]
    return sorted(lignes, key=lambda attente: attente.urgence)
