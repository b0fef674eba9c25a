"""What changes several rows, or writes mails: one module per notion, each call atomic."""

from annuaire.actions import TransitionInterdite

__all__ = ["TransitionInterdite"]
