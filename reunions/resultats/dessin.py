"""The overview of all boards as geometry: templates/reunions/_resultats_dessin.html draws it.

Widths are percentages of the drawing and heights pixels: it fits a phone and a projector, its text keeps its size.
"""

import textwrap
from dataclasses import dataclass

BARRE, LIGNE, ECART = 26, 22, 24
"""Pixels: a bar, a line of a board's name, from one board to the next."""
LETTRES, LIGNES_MAX = 28, 4
"""Of a line of a name, as a screen of 320 pixels holds them; the whole name is in the description and the table."""
PLACE = 86
"""Percent of the width for the longest bar; the rest is for its figure."""


@dataclass(frozen=True)
class BarreAxe:
    """One board: its name in lines (y, words), its bar in two colours, its figure. Lengths are percentages."""

    axe: object
    lignes: tuple[tuple[int, str], ...]
    y_barre: int
    rose: str
    jaune: str
    bout: str

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
    barres, y = [], 0
    for axe in resultats.axes:
        mots = textwrap.wrap(axe.nom, LETTRES, max_lines=LIGNES_MAX, placeholder="…")
        lignes = tuple((y + LIGNE * (rang + 1), ligne) for rang, ligne in enumerate(mots))
        y += LIGNE * len(mots) + 8
        parts = (_pourcent(compte, maximum) for compte in (axe.rose, axe.jaune, axe.total))
        barres.append(BarreAxe(axe, lignes, y, *parts))
        y += BARRE + ECART
    return Vue(cle, "Vue d'ensemble des tableaux", decrire(resultats), tuple(barres), y)


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
