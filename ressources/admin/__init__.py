"""The hub staff's pages, one module per notion."""

from . import imports, lot

__all__ = ["imports", "lot"]
