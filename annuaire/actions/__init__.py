"""Acts that touch several models or send mail: one module per notion, each call atomic."""


class TransitionInterdite(Exception):
    """The object's state does not allow this act. The message is French and may be shown."""
