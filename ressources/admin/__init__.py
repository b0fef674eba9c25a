"""The hub staff's pages, one module per notion."""

from . import annonce, calendrier, heures, imports, lot, moderation, relation, reservation

__all__ = ["annonce", "calendrier", "heures", "imports", "lot", "moderation", "relation", "reservation"]
