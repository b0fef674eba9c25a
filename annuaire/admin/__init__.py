"""The hub's staff at work: one module per notion, registered on the site of pole_ess.admin."""

from . import (
    commune,
    demandes,
    imports,
    opposition,
    registre,
    registre_imports,
    structure,
    suivi,
    taxonomie,
    utilisateur,
)

__all__ = [
    "commune",
    "demandes",
    "imports",
    "opposition",
    "registre",
    "registre_imports",
    "structure",
    "suivi",
    "taxonomie",
    "utilisateur",
]
