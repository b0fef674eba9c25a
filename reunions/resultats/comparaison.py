"""How each axis moves from one workshop to the next: its share and its rank, wherever a board bears the same name."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count

from reunions.models import Atelier, Axe, PostIt
from reunions.noms import mots

from .calcul import ResultatAxe, rangs_denses

ATELIERS_MAX = 12
"""The last ones: more columns would not be read."""
GAUCHE, DROITE, HAUT, BAS = 12.0, 88.0, 26, 86
"""The drawing of an axis: percentages of its width, pixels of its height; 0 % is at BAS, 100 % at HAUT."""


@dataclass(frozen=True)
class Point:
    """Where the drawing puts a share; `avant`: the former point, to draw the line from."""

    x: str
    y: int
    resultat: ResultatAxe
    avant: "Point | None" = None

    @property
    def y_chiffre(self) -> int:
        return self.y - 10


@dataclass(frozen=True)
class LigneAxe:
    """One name, and its result in each workshop: None where there is no such board."""

    nom: str
    resultats: tuple[ResultatAxe | None, ...]
    points: tuple[Point, ...]

    @property
    def description(self) -> str:
        """The drawing in words."""
        return ", puis ".join(f"{p.resultat.pourcent} % à court terme".replace(".", ",") for p in self.points)


@dataclass(frozen=True)
class Comparaison:
    """`ateliers`: the oldest first, their meeting read."""

    ateliers: tuple[Atelier, ...]
    lignes: tuple[LigneAxe, ...]


def comparer(ateliers, *, maximum: int | None = ATELIERS_MAX) -> Comparaison:
    """`ateliers`: those that the reader may see, a queryset; the last `maximum`, or all of them when it is None.
    Three queries, whatever their number."""
    derniers = ateliers.select_related("reunion").order_by("-reunion__debut", "-pk")[:maximum]
    colonnes = tuple(reversed(derniers))
    comptes = _compter(colonnes)
    noms, par_nom = {}, defaultdict(dict)
    axes = Axe.objects.filter(atelier__in=[a.pk for a in colonnes]).order_by("atelier__reunion__debut", "ordre", "pk")
    par_atelier = defaultdict(list)
    for axe in axes:
        par_atelier[axe.atelier_id].append(axe)
    for atelier in colonnes:
        rangs = rangs_denses(sum(comptes[axe.pk].values()) for axe in par_atelier[atelier.pk])
        for axe in par_atelier[atelier.pk]:
            noms[mots(axe.nom)] = axe.nom
            par_nom[mots(axe.nom)][atelier.pk] = _resultat(axe, comptes[axe.pk], rangs, atelier.seuil)
    lignes = tuple(_ligne(noms[cle], [trouves.get(a.pk) for a in colonnes]) for cle, trouves in par_nom.items())
    return Comparaison(colonnes, lignes)


def _compter(ateliers):
    """axis -> colour -> notes."""
    comptes = defaultdict(dict)
    groupes = PostIt.objects.filter(axe__atelier__in=[a.pk for a in ateliers]).order_by().values("axe", "couleur")
    for groupe in groupes.annotate(nombre=Count("pk")):
        comptes[groupe["axe"]][groupe["couleur"]] = groupe["nombre"]
    return comptes


def _resultat(axe, siens, rangs, seuil) -> ResultatAxe:
    rose, jaune = siens.get("rose", 0), siens.get("jaune", 0)
    return ResultatAxe(rose=rose, jaune=jaune, pk=axe.pk, nom=axe.nom, rang=rangs[rose + jaune], seuil=seuil)


def _ligne(nom, resultats) -> LigneAxe:
    points, avant = [], None
    ecart = (DROITE - GAUCHE) / max(len(resultats) - 1, 1)
    for rang, resultat in enumerate(resultats):
        if resultat is not None and resultat.total:
            y = round(BAS - (BAS - HAUT) * resultat.part)
            avant = Point(f"{GAUCHE + ecart * rang:.2f}%", y, resultat, avant)
            points.append(avant)
    return LigneAxe(nom, tuple(resultats), tuple(points))
