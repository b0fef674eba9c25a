"""The hub's own colour: what is drawn from it in the light and dark schemes, and whether everybody can read it.

Ratios are those of WCAG 2.2 (relative luminance of sRGB); the house asks 7 for text (criterion 1.4.6, level AAA).
"""

import re
from dataclasses import dataclass

HEXA = re.compile(r"#[0-9a-f]{6}\Z")
CONTRASTE = 7
BLANC, NOIR = (255, 255, 255), (0, 0, 0)
PAPIER, CARTE_SOMBRE = (251, 250, 246), (29, 36, 43)
"""--paper of the light scheme, --card of the dark one (static/css/jetons.css): the worst grounds of each."""
PAR_DEFAUT = "#0b5c5a"


def rvb(hexa: str) -> tuple[int, int, int]:
    """« #0b5c5a » -> (11, 92, 90)."""
    return tuple(int(hexa[i : i + 2], 16) for i in (1, 3, 5))


def hexa(couleur) -> str:
    return "#{:02x}{:02x}{:02x}".format(*couleur)


def contraste(une, autre) -> float:
    """Ratio of two (r, g, b), from 1 to 21."""
    haut, bas = sorted((_luminance(une), _luminance(autre)), reverse=True)
    return (haut + 0.05) / (bas + 0.05)


def _luminance(couleur) -> float:
    canaux = [c / 255 for c in couleur]
    lineaires = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux]
    return 0.2126 * lineaires[0] + 0.7152 * lineaires[1] + 0.0722 * lineaires[2]


def melange(couleur, avec, part: float):
    """`part` (0 to 1) of `avec` in `couleur`."""
    return tuple(round(c + (a - c) * part) for c, a in zip(couleur, avec, strict=True))


def lisible(couleur, vers, *fonds) -> tuple[int, int, int]:
    """`couleur`, or the nearest one towards `vers` (black, white) whose text on each ground reaches the ratio."""
    essais = (melange(couleur, vers, pas / 100) for pas in range(101))
    return next(essai for essai in essais if all(contraste(essai, fond) >= CONTRASTE for fond in fonds))


@dataclass(frozen=True)
class Nuances:
    """The tokens of one scheme that follow the hub's colour, as « #rrggbb »."""

    teal: str
    teal_dark: str
    teal_wash: str
    on_teal: str


DESSINEES = (
    Nuances("#0b5c5a", "#084644", "#e4f0ee", "#ffffff"),
    Nuances("#7fd0c8", "#a9e3dd", "#1c3534", "#10201f"),
)
"""Those of the house's own colour, as static/css/jetons.css has them."""


def claires(couleur: str) -> Nuances:
    """On light paper: the colour itself, which the settings' form has checked."""
    if couleur == PAR_DEFAUT:
        return DESSINEES[0]
    base = rvb(couleur)
    lavis = next(
        fond for pas in range(89, 101) if contraste(base, fond := melange(base, BLANC, pas / 100)) >= CONTRASTE
    )
    return Nuances(couleur, hexa(melange(base, NOIR, 0.25)), hexa(lavis), hexa(BLANC))


def sombres(couleur: str) -> Nuances:
    """On dark cards: the same hue, lightened as far as it takes."""
    if couleur == PAR_DEFAUT:
        return DESSINEES[1]
    lavis = melange(CARTE_SOMBRE, rvb(couleur), 0.25)
    base = lisible(rvb(couleur), BLANC, lavis, CARTE_SOMBRE)
    return Nuances(hexa(base), hexa(melange(base, BLANC, 0.35)), hexa(lavis), hexa(lisible(rvb(couleur), NOIR, base)))
