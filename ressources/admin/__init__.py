"""The hub staff's pages, one module per notion."""

from . import (
    annonce,
    benevolat,
    bilans,
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
    "bilans",
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
