"""The demonstration's letter: short news, 200 readers, three letters sent with their ledger, a draft to preview."""

from . import abonnes, breves, numeros


def charger() -> int:
    """Create what is missing; the number of letters made. Run after the other apps' demonstrations."""
    breves.charger()
    abonnes.charger()
    return numeros.charger()
