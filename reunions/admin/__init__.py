"""The hub staff's look-up and moderation, one module per notion."""

from . import evenement, reunion, suites

__all__ = ["evenement", "reunion", "suites"]
