"""The hub staff's pages, one module per notion."""

from . import (
    annonce,
    benevolat,
    calendrier,
    demandes,
    heures,
    imports,
    lot,
    mise_en_commun,
    moderation,
    relation,
    reservation,
    urgence,
)

__all__ = [
    "annonce",
    "benevolat",
    "calendrier",
    "demandes",
    "heures",
    "imports",
    "lot",
    "mise_en_commun",
    "moderation",
    "relation",
    "reservation",
    "urgence",
]
from . import annonce, bilans, calendrier, imports, lot, moderation, relation, reservation

__all__ = ["annonce", "bilans", "calendrier", "imports", "lot", "moderation", "relation", "reservation"]
