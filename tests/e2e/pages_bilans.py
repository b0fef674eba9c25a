"""Pages that the browser tests open: what a structure did in a year."""


def pages_bilans(demo) -> list[tuple[str, str]]:
    """(role, URL) on the demonstration's data."""
    return []
