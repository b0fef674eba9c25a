"""Jobs of meetings, run by the worker; procrastinate finds those imported here."""

from . import invitations

__all__ = ["invitations"]
