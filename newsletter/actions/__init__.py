"""The acts of the letter: subscribing, composing, sending."""


class TransitionInterdite(Exception):
    """The state of the object does not allow this act; the message is in French, for the person."""
