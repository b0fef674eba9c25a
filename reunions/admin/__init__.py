"""The hub staff's look-up and moderation, one module per notion."""

from . import evenement, reunion

__all__ = ["evenement", "reunion"]
