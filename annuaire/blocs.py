"""Blocks that outer apps add to a structure's sheet: its announcements, its meetings.

Imports go one way, so the sheet cannot ask `ressources` for its announcements: `ressources` registers a
block in its `AppConfig.ready` and the sheet renders whatever is registered.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Bloc:
    """One block: `contexte(structure, utilisateur)` returns what `gabarit` needs, or None to show nothing.

    `nom` is a slug, unique, the block's anchor on the page; `titre` its French heading (h2); blocks come in
    ascending `ordre`, then by name. Each block answers in a constant number of queries.
    """

    nom: str
    titre: str
    gabarit: str
    contexte: Callable
    ordre: int = 100


_registre: dict[str, Bloc] = {}


def enregistrer(bloc: Bloc) -> None:
    """Add a block. Raises ValueError when another block already has its name."""
    if _registre.setdefault(bloc.nom, bloc) != bloc:
        raise ValueError(f"another block is registered as {bloc.nom!r}")


def retirer(nom: str) -> None:
    """Take a block away; nothing happens when it is not there."""
    _registre.pop(nom, None)


def rendre(structure, request) -> list[tuple[Bloc, SafeString]]:
    """The blocks that have something to show to this request's user, in order, each with its HTML."""
    rendus = []
    for bloc in sorted(_registre.values(), key=lambda b: (b.ordre, b.nom)):
        contexte = bloc.contexte(structure, request.user)
        if contexte is not None:
            html = render_to_string(bloc.gabarit, {"structure": structure, **contexte}, request=request)
            rendus.append((bloc, html))
    return rendus
