"""Pages that the browser tests open: accounts of hours."""


def pages_heures(demo) -> list[tuple[str, str]]:
    """(role, URL) on the demonstration's data."""
    return []
