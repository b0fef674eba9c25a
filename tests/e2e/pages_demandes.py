"""Pages that the browser tests open: unmet demand, grouped."""


def pages_demandes(demo) -> list[tuple[str, str]]:
    """(role, URL) on the demonstration's data."""
    return []
