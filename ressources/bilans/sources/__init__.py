"""What a bilan is made of: a module per kind of exchange, each with its `SOURCE`.

To add one: write the module, and its name here. Its facts say the side, the basis and the figures; totals, pages,
files and the staff's table follow.
"""

from . import achats, benevolat, declarations, entraide, lots, prets, tournees

SOURCES = (
    declarations.SOURCE,
    prets.SOURCE,
    lots.SOURCE,
    tournees.SOURCE,
    achats.SOURCE,
    benevolat.SOURCE,
    entraide.SOURCE,
)
MESURES = tuple(dict.fromkeys(mesure for source in SOURCES for mesure in source.mesures))
"""In the order of the page."""
