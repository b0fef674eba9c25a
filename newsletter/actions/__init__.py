"""The acts of the letter: subscribing, composing, sending, short news. Each call is atomic."""

from annuaire.actions import TransitionInterdite

__all__ = ["TransitionInterdite"]
