"""Acts that touch several models or send mail: one module per notion, each call atomic."""

from annuaire.actions import TransitionInterdite

__all__ = ["TransitionInterdite"]
