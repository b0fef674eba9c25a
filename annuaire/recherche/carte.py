"""Points of the map, grouped on the server by a grid that follows the zoom: 200,000 stay fluid."""

import math
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Avg, Count, F, FloatField, Func, Max, Min, Value
from django.db.models.functions import Floor
from django.urls import reverse

from annuaire.models import Structure

from .resultat import Resultat

CELLULE_PX = 64
"""Side of a grid cell on the screen; a marker is 44 px wide."""
ZOOM_MAX = 18
GROUPES_MAX = 1500
NOMS_MAX = 8
"""Names listed in the popup of markers at one same point."""


@dataclass(frozen=True)
class Vue:
    """What the screen shows: south, west, north, east in degrees, and the zoom of the tiles."""

    sud: float = -85.0
    ouest: float = -180.0
    nord: float = 85.0
    est: float = 180.0
    zoom: int = 5

    @classmethod
    def lire(cls, parametres) -> "Vue":
        """From `bbox=west,south,east,north` (RFC 7946 order) and `zoom`; odd values give the whole world."""
        try:
            ouest, sud, est, nord = (float(morceau) for morceau in parametres.get("bbox", "").split(","))
            zoom = int(float(parametres.get("zoom", "5")))
        except (ValueError, OverflowError):
            return cls()
        if not all(map(math.isfinite, (ouest, sud, est, nord))) or not (sud < nord and ouest < est):
            return cls()
        return cls(max(sud, -85.0), max(ouest, -180.0), min(nord, 85.0), min(est, 180.0), min(max(zoom, 0), ZOOM_MAX))

    @property
    def pas(self) -> tuple[float, float]:
        """Height and width of a cell in degrees, at the middle of the view (Web Mercator, 256 px tiles)."""
        largeur = 360 / 2**self.zoom * CELLULE_PX / 256
        return largeur * math.cos(math.radians((self.sud + self.nord) / 2)), largeur


class Premiers(Func):
    """The first ones of an array."""

    template = f"(%(expressions)s)[1:{NOMS_MAX}]"


class Tronque(Func):
    """round(x, 7) of a double: at most 7 decimals (RFC 7946, section 11.2)."""

    template = "round((%(expressions)s)::numeric, 7)::float8"
    output_field = FloatField()


def points(resultat: Resultat, vue: Vue) -> dict:
    """A FeatureCollection: `n` structures per feature; a name and a link when it is one, a list at one point."""
    groupes = list(grouper(resultat.filtree_exacte, vue))
    if not groupes and resultat.criteres.a_des_filtres:
        groupes = list(grouper(resultat.filtree, vue))
    uniques = [pk for groupe in groupes if _meme_point(groupe) for pk in groupe["ids"]]
    noms = {
        pk: {"nom": nom, "url": reverse("annuaire:structure_detail", args=[slug])}
        for pk, nom, slug in Structure.objects.filter(pk__in=uniques).values_list("pk", "nom", "slug")
    }
    return {
        "type": "FeatureCollection",
        "features": [_feature(groupe, noms, resultat) for groupe in groupes],
    }


def grouper(structures, vue: Vue):
    """One row per grid cell, the most crowded first; answered from the covering index alone."""
    hauteur, largeur = vue.pas
    situees = structures.filter(latitude__range=(vue.sud, vue.nord), longitude__range=(vue.ouest, vue.est)).order_by()
    if vue.zoom >= ZOOM_MAX:
        cellules = {"ligne": F("latitude"), "colonne": F("longitude")}
    else:
        cellules = {
            "ligne": Floor(F("latitude") / Value(hauteur)),
            "colonne": Floor(F("longitude") / Value(largeur)),
        }
    return (
        situees.values(**cellules)
        .annotate(
            n=Count("pk"),
            lat=Tronque(Avg("latitude")),
            lon=Tronque(Avg("longitude")),
            sud=Min("latitude"),
            nord=Max("latitude"),
            ouest=Min("longitude"),
            est=Max("longitude"),
            ids=Premiers(ArrayAgg("pk")),
        )
        .order_by("-n", "ligne", "colonne")[:GROUPES_MAX]
    )


def _meme_point(groupe) -> bool:
    return groupe["sud"] == groupe["nord"] and groupe["ouest"] == groupe["est"]


def _feature(groupe, noms, resultat: Resultat) -> dict:
    proprietes = {"n": groupe["n"]}
    if _meme_point(groupe):
        proprietes["structures"] = sorted((noms[pk] for pk in groupe["ids"]), key=lambda une: une["nom"])
        if groupe["n"] > NOMS_MAX:
            proprietes["toutes"] = reverse("annuaire:structure_liste") + resultat.criteres.url(
                page=1, carte=False, point=(groupe["sud"], groupe["ouest"])
            )
    else:
        proprietes["boite"] = [round(groupe[cote], 7) for cote in ("ouest", "sud", "est", "nord")]
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [groupe["lon"], groupe["lat"]]},
        "properties": proprietes,
    }
