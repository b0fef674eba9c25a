"""The hub staff's look-up and moderation, one module per notion."""

from . import atelier, evenement, reunion, suites

__all__ = ["atelier", "evenement", "reunion", "suites"]
