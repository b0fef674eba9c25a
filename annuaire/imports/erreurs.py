"""What stops an import before its first line."""


class FichierIllisible(Exception):
    """The file cannot be read at all. The message is French, says what to do, and may be shown."""
