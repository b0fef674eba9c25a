"""The demonstration's meetings: that of 30 January 2014 replayed, its sequel, and the hub's life of today.

The meeting of 2014 is real: its attendance links structures of the list of 2014, its notes carry none. What is told
of today happens to invented structures only.
"""

from . import aujourdhui, comptes_rendus, janvier_2014, mars_2014

ETAPES = (janvier_2014.charger, mars_2014.charger, aujourdhui.charger, comptes_rendus.charger)
"""In order, each once; each creates what is missing and returns how many meetings it made. Minutes come last."""


def charger() -> int:
    """Create what is missing; the number of meetings made. Run after annuaire's demonstration."""
    return sum(etape() for etape in ETAPES)
