"""Structures whose words show at once: the outer app that keeps the list registers it in AppConfig.ready."""

from collections.abc import Callable

_FONCTIONS: list[Callable] = []


def enregistrer(fonction: Callable) -> None:
    """`fonction(structure)` says whether the hub's staff trust it: one query."""
    if fonction not in _FONCTIONS:
        _FONCTIONS.append(fonction)


def est_de_confiance(structure) -> bool:
    """Nobody registered: nobody is trusted, and the staff read all."""
    return any(fonction(structure) for fonction in _FONCTIONS)
