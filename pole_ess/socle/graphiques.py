"""Bar charts as geometry: what templates/components/_graphique_barres.html draws, without HTML nor colour here.

Lengths along the bars are percentages of the drawing's width and heights are pixels: the same chart fits 320 px and
a projector, and its text keeps the reader's size. Bars are told apart by their pattern, and each carries its figure.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from pole_ess.socle.templatetags.francais import chiffre

MOTIFS = ("plein", "raye", "pointille", "vide")
"""Patterns, in the order that series take them; one each, so four series at most."""
HAUT, INTERLIGNE, ECART, ETIQUETTE = 16, 22, 14, 26
"""Pixels: a bar, from one bar to the next, between groups, a label above its bars."""
COURTE = 11
"""Letters at most for labels to stand beside the bars rather than above them."""
COLONNE, VALEUR, LETTRE = 33.0, 17.0, 3.5
"""Percentages: the column of the labels; what is kept after the longest bar for its figure, at least, and for each
letter of it: « 1 175 € » must hold on 320 pixels."""


@dataclass(frozen=True)
class Serie:
    """`valeurs`: one per label; None when it is not known, or not shown. `motif`: one of MOTIFS, else its turn's."""

    nom: str
    valeurs: tuple
    motif: str = ""


@dataclass(frozen=True)
class Barre:
    """One bar: `x` and `largeur` are percentages as SVG writes them, `y` pixels; `valeur` None: no bar, « – »."""

    motif: str
    x: str
    y: int
    largeur: str
    valeur: int | Decimal | None

    @property
    def ligne(self) -> int:
        """Where its figure is written."""
        return self.y + HAUT - 3

    @property
    def bout(self) -> str:
        """The end of the bar, where its figure begins."""
        return _pourcent(float(self.x[:-1]) + float(self.largeur[:-1]))


@dataclass(frozen=True)
class Groupe:
    etiquette: str
    y: int
    barres: tuple[Barre, ...]


@dataclass(frozen=True)
class GraphiqueBarres:
    """`cle`: prefix of the ids in the page; `titre` and `description`: what is read instead of the drawing.

    Raises ValueError when a series has not one value per label, a value is negative, or patterns run out.
    """

    cle: str
    titre: str
    description: str
    etiquettes: tuple[str, ...]
    series: tuple[Serie, ...]
    unite: str = ""

    def __post_init__(self):
        if not 1 <= len(self.series) <= len(MOTIFS):
            raise ValueError(f"1 to {len(MOTIFS)} series are expected")
        for serie in self.series:
            if len(serie.valeurs) != len(self.etiquettes):
                raise ValueError(f"{serie.nom}: one value per label is expected")
            if any(valeur is not None and valeur < 0 for valeur in serie.valeurs):
                raise ValueError(f"{serie.nom}: a bar has no negative length")
            if serie.motif and serie.motif not in MOTIFS:
                raise ValueError(f"{serie.motif}: not a pattern")

    @property
    def a_cote(self) -> bool:
        """Short labels (months) stand beside their bars, long ones above."""
        return max(map(len, self.etiquettes), default=0) <= COURTE

    @property
    def x_etiquette(self) -> str:
        return _pourcent(COLONNE - 2) if self.a_cote else "0"

    @cached_property
    def maximum(self):
        return max((v for serie in self.series for v in serie.valeurs if v is not None), default=0)

    @cached_property
    def marge(self) -> float:
        """Percentage kept after the longest bar."""
        dits = [chiffre(v) for serie in self.series for v in serie.valeurs if v is not None]
        lettres = max(map(len, dits), default=0) + (len(self.unite) + 1 if self.unite else 0)
        return max(VALEUR, LETTRE * (lettres + 1))

    @cached_property
    def legende(self) -> list[tuple[str, str]]:
        """(pattern, name) of each series."""
        return [(serie.motif or MOTIFS[rang], serie.nom) for rang, serie in enumerate(self.series)]

    @cached_property
    def groupes(self) -> list[Groupe]:
        depart = COLONNE if self.a_cote else 0.0
        place = 100.0 - self.marge - depart
        groupes, y = [], 2
        for rang, etiquette in enumerate(self.etiquettes):
            haut = y if self.a_cote else y + ETIQUETTE
            barres = tuple(
                Barre(
                    self.legende[i][0],
                    _pourcent(depart),
                    haut + i * INTERLIGNE,
                    _pourcent(place * float(serie.valeurs[rang] or 0) / float(self.maximum or 1)),
                    serie.valeurs[rang],
                )
                for i, serie in enumerate(self.series)
            )
            ligne = haut + (len(self.series) - 1) * INTERLIGNE // 2 + HAUT - 3 if self.a_cote else y + HAUT
            groupes.append(Groupe(etiquette, ligne, barres))
            y = haut + len(self.series) * INTERLIGNE + ECART
        return groupes

    @property
    def hauteur(self) -> int:
        """Pixels."""
        par_groupe = len(self.series) * INTERLIGNE + ECART + (0 if self.a_cote else ETIQUETTE)
        return 2 + par_groupe * len(self.etiquettes)


def _pourcent(valeur: float) -> str:
    """Written as SVG reads it: a dot whatever the language of the page."""
    return f"{valeur:.2f}%"
