"""Pages that the browser tests open: urgent help, in waves."""


def pages_urgences(demo) -> list[tuple[str, str]]:
    """(role, URL) on the demonstration's data."""
    return []
