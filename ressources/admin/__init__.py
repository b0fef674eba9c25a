"""The hub staff's pages, one module per notion."""

from . import imports

__all__ = ["imports"]
