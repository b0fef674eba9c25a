"""The hub staff's pages, one module per notion."""

from . import annonce, calendrier, demandes, heures, imports, lot, moderation, relation, reservation

__all__ = ["annonce", "calendrier", "demandes", "heures", "imports", "lot", "moderation", "relation", "reservation"]
