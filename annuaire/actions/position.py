"""Where a structure is: by hand, else from its address, else the centre of its commune, else nowhere."""

import json
import logging
import math
import urllib.error
import urllib.parse
import urllib.request

from django.conf import settings
from django.db import transaction

from annuaire.models import Structure
from pole_ess.socle.file_attente import programmer

journal = logging.getLogger(__name__)

DELAI = 5
"""Seconds the geocoder has to answer."""
SCORE_MIN = 0.5
"""Below, the public address API has answered another street."""
ECART_MAX_DEGRES = 0.4
"""A point further than this from the commune's centre (some 35 km) is another place of the same name."""


class GeocodeurIndisponible(Exception):
    """The geocoder did not answer, or not in its form: try later."""


@transaction.atomic
def situer(structure) -> None:
    """Put the pin back after an address or commune change; one set by hand never moves.

    At once the commune's centre; then, when a geocoder is set and there is an address, a job refines it.
    """
    if structure.position_origine == Structure.PositionOrigine.MAIN:
        return
    commune = structure.commune
    situee = commune is not None and commune.latitude is not None
    _poser(
        structure,
        latitude=commune.latitude if situee else None,
        longitude=commune.longitude if situee else None,
        origine=Structure.PositionOrigine.COMMUNE if situee else "",
    )
    if settings.GEOCODEUR_URL and structure.adresse:
        programmer("annuaire.geocoder", structure_id=structure.pk)


def _poser(structure, *, latitude, longitude, origine) -> None:
    if (structure.latitude, structure.longitude, structure.position_origine) == (latitude, longitude, origine):
        return
    structure.latitude, structure.longitude, structure.position_origine = latitude, longitude, origine
    structure.save(update_fields=["latitude", "longitude", "position_origine", "modifie_le"])


def geocoder(structure_id: int) -> bool:
    """The job: ask, then move the pin if nobody changed the address or the pin meanwhile. True when moved."""
    structure = Structure.objects.select_related("commune").filter(pk=structure_id).first()
    if structure is None or structure.position_origine == "main" or not structure.adresse:
        return False
    point = demander(structure.adresse, structure.commune)
    if point is None:
        return False
    with transaction.atomic():
        actuelle = Structure.objects.select_for_update(of=("self",)).filter(pk=structure_id).first()
        if actuelle is None or actuelle.position_origine == "main":
            return False
        if (actuelle.adresse, actuelle.commune_id) != (structure.adresse, structure.commune_id):
            return False  # the later change has its own job
        _poser(actuelle, latitude=point[0], longitude=point[1], origine=Structure.PositionOrigine.ADRESSE)
    return True


def demander(adresse: str, commune) -> tuple[float, float] | None:
    """(latitude, longitude) of an address, from the public address API's form; None when it is not sure.

    Raises GeocodeurIndisponible on a timeout, a refusal or an unreadable answer.
    """
    parametres = {"q": f"{adresse} {commune.nom if commune else ''}".strip(), "limit": "1"}
    if commune:
        parametres["citycode"] = commune.code
    url = f"{settings.GEOCODEUR_URL}?{urllib.parse.urlencode(parametres)}"
    if not url.startswith(("https://", "http://")):
        raise GeocodeurIndisponible("GEOCODEUR_URL is not an http(s) address")
    try:
        with urllib.request.urlopen(url, timeout=DELAI) as reponse:  # noqa: S310 - scheme checked above
            donnees = json.loads(reponse.read(1_000_000))
        features = donnees["features"]
        if not features:
            return None
        longitude, latitude = (float(nombre) for nombre in features[0]["geometry"]["coordinates"][:2])
        score = float(features[0]["properties"].get("score", 1))
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as erreur:
        raise GeocodeurIndisponible(str(erreur)) from erreur
    return (latitude, longitude) if score >= SCORE_MIN and _plausible(latitude, longitude, commune) else None


def _plausible(latitude, longitude, commune) -> bool:
    if not (math.isfinite(latitude) and math.isfinite(longitude)) or (latitude, longitude) == (0, 0):
        return False
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return False
    if commune is None or commune.latitude is None:
        return True
    return (
        abs(latitude - commune.latitude) < ECART_MAX_DEGRES
        and abs(longitude - commune.longitude) < ECART_MAX_DEGRES * 1.5
    )
