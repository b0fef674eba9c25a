"""The overview of all boards as geometry: templates/reunions/_resultats_dessin.html draws it.

Widths are percentages of the drawing and heights pixels: it fits a phone and a projector, its text keeps its size.
"""

from dataclasses import dataclass

BARRE, LIGNE, ETIQUETTE = 26, 78, 20
"""Pixels: a bar, from one board to the next, a board's name above its bar."""
PLACE = 86
"""Percent of the width for the longest bar; the rest is for its figure."""


@dataclass(frozen=True)
class BarreAxe:
    """One board: its name, its bar in two colours, its figure; lengths are percentages as SVG writes them."""

    axe: object
    y: int
    rose: str
    jaune: str
    bout: str

    @property
    def y_barre(self) -> int:
        return self.y + ETIQUETTE + 8

    @property
    def y_nom(self) -> int:
        return self.y + ETIQUETTE

    @property
    def y_chiffre(self) -> int:
        return self.y_barre + BARRE - 8


@dataclass(frozen=True)
class Vue:
    """`description` says in words what the drawing shows."""

    cle: str
    titre: str
    description: str
    barres: tuple[BarreAxe, ...]
    hauteur: int


def vue_d_ensemble(resultats, *, cle="vue") -> Vue:
    """All boards in the order of the workshop, as long as they have notes."""
    maximum = max((axe.total for axe in resultats.axes), default=0) or 1
    barres = tuple(
        BarreAxe(
            axe,
            rang * LIGNE,
            _pourcent(axe.rose, maximum),
            _pourcent(axe.jaune, maximum),
            _pourcent(axe.total, maximum),
        )
        for rang, axe in enumerate(resultats.axes)
    )
    return Vue(cle, "Vue d'ensemble des tableaux", decrire(resultats), barres, LIGNE * len(barres) + 4)


def decrire(resultats) -> str:
    """« Mise en réseau : 30 post-it, dont 20 à court terme et 10 à long terme. » for each board."""
    phrases = [
        f"{axe.nom} : {axe.total} post-it, dont {axe.rose} à court terme et {axe.jaune} à long terme."
        if axe.total
        else f"{axe.nom} : aucun post-it."
        for axe in resultats.axes
    ]
    return " ".join(phrases)


def _pourcent(partie: int, maximum: int) -> str:
    return f"{PLACE * partie / maximum:.2f}%"
