"""Jobs of meetings, run by the worker; procrastinate finds those imported here."""

from . import actions, invitations

__all__ = ["actions", "invitations"]
