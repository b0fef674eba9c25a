"""Search columns of outer apps that `manage.py reindexer` checks and writes anew besides the directory's.

Imports go one way: the outer app registers its own in its `AppConfig.ready`.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Index:
    """`ecarts()`: how many rows differ from what the triggers should have written; `reecrire()` repairs them.

    `nom`: in French, what is counted, in the plural.
    """

    nom: str
    ecarts: Callable[[], int]
    reecrire: Callable[[], None]


INDEX: list[Index] = []


def enregistrer(index: Index) -> None:
    if index not in INDEX:
        INDEX.append(index)
