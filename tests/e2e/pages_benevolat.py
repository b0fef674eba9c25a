"""Pages that the browser tests open: volunteers: missions, shifts, who offers skills and days."""


def pages_benevolat(demo) -> list[tuple[str, str]]:
    """(role, URL) on the demonstration's data."""
    return []
