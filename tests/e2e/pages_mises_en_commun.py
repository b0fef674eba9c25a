"""Pages that the browser tests open: shared purchases and shared posts."""


def pages_mises_en_commun(demo) -> list[tuple[str, str]]:
    """(role, URL) on the demonstration's data."""
    return []
