"""One figure of the observatory, typed: what it counts, who said it, from what, with its table and its drawing."""

from collections.abc import Callable
from dataclasses import dataclass

from pole_ess.socle.graphiques import GraphiqueBarres, Serie
from pole_ess.socle.tableaux import Tableau
from pole_ess.socle.templatetags.francais import chiffre, nombre, pluriel

from .releve import Releve

BARRES_MAX, LETTRES_MAX = 12, 34
"""Rows of a chart, and letters of its labels, that a phone holds: the table has them all."""


@dataclass(frozen=True)
class Mesure:
    """`compte`: what is counted, in words; `reponses`: how many said it; `source`: where it comes from.

    `vide`: words that stand instead of an empty chart and table.
    """

    tableau: Tableau
    compte: str
    source: str
    reponses: str = ""
    graphiques: tuple[GraphiqueBarres, ...] = ()
    vide: str = ""

    @property
    def cle(self) -> str:
        return self.tableau.cle

    @property
    def titre(self) -> str:
        return self.tableau.titre


@dataclass(frozen=True)
class Chapitre:
    """`mesures`: key in the address of its file -> what makes the figure."""

    cle: str
    titre: str
    question: str
    mesures: dict[str, Callable[[Releve], Mesure]]


def court(nom: str) -> str:
    """A label that holds on 320 pixels."""
    return nom if len(nom) <= LETTRES_MAX else f"{nom[: LETTRES_MAX - 1].rstrip()}…"


def barres(cle, titre, noms_et_valeurs, *, serie: str, triees=True) -> tuple[GraphiqueBarres, ...]:
    """The chart of one series: the longest bars first, BARRES_MAX at most, or (`triees` false) all in their order;
    none when there is nothing to draw."""
    toutes = [(nom, valeur) for nom, valeur in noms_et_valeurs if valeur or not triees]
    plus = max(toutes, key=lambda paire: paire[1] or 0, default=("", 0))
    if not plus[1]:
        return ()
    rangees = sorted(toutes, key=lambda paire: -paire[1])[:BARRES_MAX] if triees else toutes
    noms, valeurs = zip(*((court(nom), valeur) for nom, valeur in rangees), strict=True)
    description = f"Le plus grand nombre : {plus[0]}, {chiffre(plus[1])}. "
    description += f"Les {BARRES_MAX} premières lignes ; toutes" if len(toutes) > len(rangees) else "Les mêmes chiffres"
    return (GraphiqueBarres(cle, titre, f"{description} sont dans le tableau.", noms, (Serie(serie, valeurs),)),)


def ont_dit(combien: int, total: int, quoi: str) -> str:
    """« 41 structures sur 163 ont dit leurs emplois. »"""
    if not total:
        return ""
    if combien == total:
        return f"{_toutes(total)} dit {quoi}."
    if not combien:
        aucune = f"Aucune des {nombre(total)} structures n'a dit" if total > 1 else "La structure n'a pas dit"
        return f"{aucune} {quoi}."
    verbe = pluriel(combien, "a,ont")
    return f"{nombre(combien)} {pluriel(combien, 'structure,structures')} sur {nombre(total)} {verbe} dit {quoi}."


def _toutes(total: int) -> str:
    return f"Les {nombre(total)} structures ont toutes" if total > 1 else "La structure a"
