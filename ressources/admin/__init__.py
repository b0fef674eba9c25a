"""The hub staff's pages, one module per notion."""

from . import imports, lot, relation, reservation

__all__ = ["imports", "lot", "relation", "reservation"]
