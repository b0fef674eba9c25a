"""Distances on the sphere. Degrees WGS 84 in, kilometres out."""

from math import asin, cos, radians, sin, sqrt

from django.db.models import FloatField, Func

RAYON_TERRE_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance (haversine)."""
    a = (
        sin(radians(lat2 - lat1) / 2) ** 2
        + cos(radians(lat1)) * cos(radians(lat2)) * sin(radians(lon2 - lon1) / 2) ** 2
    )
    return 2 * RAYON_TERRE_KM * asin(sqrt(min(1.0, a)))


def boite(lat: float, lon: float, km: float) -> tuple[float, float, float, float]:
    """(south, west, north, east) of a box that holds every point at `km` or less; clamped to the globe."""
    hauteur = km / RAYON_TERRE_KM * 57.29577951308232 * 1.001
    sud, nord = max(-90.0, lat - hauteur), min(90.0, lat + hauteur)
    cosinus = min(cos(radians(sud)), cos(radians(nord)))
    largeur = 180.0 if cosinus <= 0.01 else min(180.0, hauteur / cosinus)
    return sud, max(-180.0, lon - largeur), nord, min(180.0, lon + largeur)


class DistanceKm(Func):
    """SQL haversine between (latitude, longitude) columns and a fixed point; null when a column is null."""

    arity = 2
    output_field = FloatField()

    def __init__(self, latitude, longitude, *, lat0: float = 0.0, lon0: float = 0.0, **extra):
        super().__init__(latitude, longitude, lat0=float(lat0), lon0=float(lon0), **extra)

    def as_sql(self, compiler, connection, **context):
        latitude, params_latitude = compiler.compile(self.source_expressions[0])
        longitude, params_longitude = compiler.compile(self.source_expressions[1])
        lat0, lon0 = self.extra["lat0"], self.extra["lon0"]
        sql = (
            f"({2 * RAYON_TERRE_KM} * asin(sqrt(least(1, sin(radians({latitude} - %s) / 2) ^ 2"
            f" + cos(radians(%s)) * cos(radians({latitude})) * sin(radians({longitude} - %s) / 2) ^ 2))))"
        )
        return sql, [*params_latitude, lat0, lat0, *params_latitude, *params_longitude, lon0]
