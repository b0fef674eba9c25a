"""The map's points: GeoJSON (RFC 7946), grouped by the server, the same structures as the list."""

import json

import pytest

from annuaire.recherche import carte
from tests.factories import ActiviteFactory, CommuneFactory, StructureFactory

pytestmark = pytest.mark.django_db
URL = "/annuaire/carte/points.json"


def situer(nom, latitude, longitude, **champs):
    return StructureFactory(nom=nom, latitude=latitude, longitude=longitude, position_origine="adresse", **champs)


def lire(client, chaine=""):
    reponse = client.get(URL + chaine)
    assert reponse.status_code == 200
    assert reponse["Content-Type"] == "application/geo+json"
    return json.loads(reponse.content)


def test_one_structure_is_a_named_point(client):
    structure = situer("Seule", 46.123456789, 3.4)
    assert lire(client) == {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [3.4, 46.1234568]},
                "properties": {"n": 1, "structures": [{"nom": "Seule", "url": f"/annuaire/{structure.slug}/"}]},
            }
        ],
    }


def test_near_ones_are_grouped_far_out_and_apart_close_up(client):
    situer("A", 46.10, 3.40)
    situer("B", 46.12, 3.44)
    (groupe,) = lire(client, "?bbox=3,45,4,47&zoom=7")["features"]
    assert groupe["properties"] == {"n": 2, "boite": [3.4, 46.1, 3.44, 46.12]}
    assert groupe["geometry"]["coordinates"] == [3.42, 46.11]
    assert [f["properties"]["n"] for f in lire(client, "?bbox=3.3,46,3.5,46.2&zoom=14")["features"]] == [1, 1]


def test_those_at_one_point_are_listed_even_at_the_closest(client):
    for rang in range(10):
        situer(f"Ensemble {rang}", 46.1, 3.4)
    (groupe,) = lire(client, "?bbox=3.3,46,3.5,46.2&zoom=18")["features"]
    assert groupe["properties"]["n"] == 10
    assert len(groupe["properties"]["structures"]) == carte.NOMS_MAX == 8
    toutes = client.get(groupe["properties"]["toutes"])
    assert toutes.context["resultat"].total == 10


def test_the_box_and_the_filters_hold(client):
    culture = ActiviteFactory(nom="Culture", slug="culture")
    dedans, dehors = situer("Dedans", 46.1, 3.4), situer("Dehors", 48.0, 2.0)
    dedans.activites.add(culture)
    dehors.activites.add(culture)
    situer("Autre activité", 46.1, 3.41)
    situer("Brouillon", 46.1, 3.4, etat="brouillon")
    (seule,) = lire(client, "?activite=culture&bbox=3,45,4,47&zoom=12")["features"]
    assert [s["nom"] for s in seule["properties"]["structures"]] == ["Dedans"]


def test_unlocated_are_not_drawn(client):
    StructureFactory(nom="Nulle part", commune=CommuneFactory(latitude=None, longitude=None))
    assert lire(client)["features"] == []


@pytest.mark.parametrize(
    "chaine",
    [
        "?bbox=&zoom=",
        "?bbox=a,b,c,d&zoom=3",
        "?bbox=1,2,3&zoom=3",
        "?bbox=nan,nan,nan,nan&zoom=3",
        "?bbox=-inf,-inf,inf,inf&zoom=3",
        "?bbox=4,47,3,45&zoom=3",
        "?bbox=3,45,4,47&zoom=inf",
        "?bbox=3,45,4,47&zoom=1e400",
        "?bbox=3,45,4,47&zoom=nan",
    ],
)
def test_absurd_boxes_give_the_whole_world(client, chaine):
    situer("Seule", 46.1, 3.4)
    assert len(lire(client, chaine)["features"]) == 1


@pytest.mark.parametrize("zoom", [-5, 0, 99])
def test_zoom_is_bounded(client, zoom):
    situer("Seule", 46.1, 3.4)
    assert len(lire(client, f"?bbox=3,45,4,47&zoom={zoom}")["features"]) == 1


def test_the_number_of_groups_is_capped(client, monkeypatch):
    monkeypatch.setattr(carte, "GROUPES_MAX", 3)
    for rang in range(5):
        situer(f"S{rang}", 46 + rang / 10, 3.4)
    assert len(lire(client, "?bbox=3,45,4,47&zoom=16")["features"]) == 3


@pytest.mark.parametrize("nombre", [1, 12])
def test_number_of_queries_is_constant(client, django_assert_num_queries, nombre):
    for rang in range(nombre):
        situer(f"S{rang}", 46 + rang / 100, 3.4)
    with django_assert_num_queries(2):
        assert len(lire(client, "?bbox=3,45,4,47&zoom=16")["features"]) == nombre


def test_points_are_not_sent_twice(client):
    structure = situer("Seule", 46.1, 3.4)
    premiere = client.get(URL)
    assert premiere["Cache-Control"] == "private, max-age=60"
    assert "HX-Request" not in premiere.get("Vary", "")
    encore = client.get(URL, headers={"If-None-Match": premiere["ETag"]})
    assert (encore.status_code, encore.content) == (304, b"")
    structure.nom = "Renommée"
    structure.save()
    changee = client.get(URL, headers={"If-None-Match": premiere["ETag"]})
    assert changee.status_code == 200
    assert b"Renomm" in changee.content
    assert client.get(URL + "?q=rien", headers={"If-None-Match": changee["ETag"]}).status_code == 200


def test_the_page_is_whole_without_the_map(client):
    situer("Seule", 46.1, 3.4)
    page = client.get("/annuaire/").content.decode()
    assert "leaflet.js" in page
    assert '<script src="/static/js_lib_leaflet' not in page
    assert '<link rel="stylesheet" href="/static/js_lib_leaflet' not in page
    assert "data.geopf.fr" in page
    assert 'src="https://' not in page
    assert 'data-points="/annuaire/carte/points.json' in page
    assert '<details class="carte" id="carte" ' not in page
    assert 'id="carte" open' in client.get("/annuaire/?carte=1").content.decode()
