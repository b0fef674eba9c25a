"""The hub's staff at work: one module per notion, registered on the site of pole_ess.admin."""

from . import imports

__all__ = ["imports"]
