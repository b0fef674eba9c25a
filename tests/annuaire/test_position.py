import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from annuaire.actions import edition, position
from annuaire.models import Structure
from tests.factories import CommuneFactory, StructureFactory

pytestmark = pytest.mark.django_db


class Geocodeur:
    """A local server in the form of the public address API; `reponse` is what it says next."""

    def __init__(self):
        self.requetes, self.statut, self.corps = [], 200, ""
        self.pendant = lambda: None
        geocodeur = self

        class Gestionnaire(BaseHTTPRequestHandler):
            def do_GET(self):
                geocodeur.requetes.append({c: v[0] for c, v in parse_qs(urlsplit(self.path).query).items()})
                geocodeur.pendant()
                corps = geocodeur.corps.encode()
                self.send_response(geocodeur.statut)
                self.send_header("Content-Length", str(len(corps)))
                self.end_headers()
                self.wfile.write(corps)

            def log_message(self, *args):
                pass

        self.serveur = ThreadingHTTPServer(("127.0.0.1", 0), Gestionnaire)
        self.url = f"http://127.0.0.1:{self.serveur.server_port}/search/"
        self.fil = threading.Thread(target=self.serveur.serve_forever, daemon=True)
        self.fil.start()

    def repond(self, longitude, latitude, score=0.9):
        self.corps = json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
                        "properties": {"score": score},
                    }
                ],
            }
        )


@pytest.fixture
def geocodeur(settings):
    serveur = Geocodeur()
    settings.GEOCODEUR_URL = serveur.url
    yield serveur
    serveur.serveur.shutdown()
    serveur.serveur.server_close()
    serveur.fil.join()


@pytest.fixture
def situee():
    commune = CommuneFactory(code="03310", nom="Vichy", latitude=46.12, longitude=3.42)
    return StructureFactory(commune=commune, adresse="1 rue d'Exemple")


def point(structure):
    lue = Structure.objects.get(pk=structure.pk)
    return (lue.latitude, lue.longitude, lue.position_origine)


def test_sans_geocodeur_le_centre_de_la_commune(situee):
    position.situer(situee)
    assert point(situee) == (46.12, 3.42, "commune")
    assert ProcrastinateJob.objects.count() == 0


def test_sans_commune_ni_centre_nulle_part():
    sans_centre = CommuneFactory(code="03001", latitude=None, longitude=None)
    for structure in (StructureFactory(commune=None), StructureFactory(commune=sans_centre)):
        position.situer(structure)
        assert point(structure) == (None, None, "")


def test_geocodeur_affine_par_une_tache(situee, geocodeur):
    geocodeur.repond(3.43, 46.125)
    position.situer(situee)
    assert point(situee) == (46.12, 3.42, "commune")
    assert [(t.task_name, t.args) for t in ProcrastinateJob.objects.all()] == [
        ("annuaire.geocoder", {"structure_id": situee.pk})
    ]
    assert position.geocoder(situee.pk) is True
    assert point(situee) == (46.125, 3.43, "adresse")
    assert geocodeur.requetes == [{"q": "1 rue d'Exemple Vichy", "limit": "1", "citycode": "03310"}]


def test_a_la_main_ne_bouge_jamais(situee, geocodeur):
    geocodeur.repond(3.43, 46.125)
    edition.enregistrer(situee, par=None, valeurs={"latitude": 46.2, "longitude": 3.5, "position_origine": "main"})
    edition.enregistrer(situee, par=None, valeurs={"adresse": "9 place d'Exemple"})
    position.situer(situee)
    assert ProcrastinateJob.objects.count() == 0
    assert position.geocoder(situee.pk) is False
    assert point(situee) == (46.2, 3.5, "main")


def test_changer_l_adresse_deplace_le_point(situee, geocodeur):
    edition.enregistrer(situee, par=None, valeurs={"adresse": "9 place d'Exemple"})
    assert ProcrastinateJob.objects.count() == 1
    geocodeur.repond(3.44, 46.13)
    assert position.geocoder(situee.pk) is True
    assert point(situee) == (46.13, 3.44, "adresse")


@pytest.mark.parametrize(
    ("longitude", "latitude", "score"),
    [(3.43, 46.125, 0.2), (2.35, 48.85, 0.9), (0, 0, 0.9), (float("nan"), 46.1, 0.9), (3.4, float("inf"), 0.9)],
)
def test_reponse_douteuse_laisse_le_centre(situee, geocodeur, longitude, latitude, score):
    position.situer(situee)
    geocodeur.repond(longitude, latitude, score)
    assert position.geocoder(situee.pk) is False
    assert point(situee) == (46.12, 3.42, "commune")


def test_adresse_inconnue(situee, geocodeur):
    geocodeur.corps = '{"features": []}'
    assert position.geocoder(situee.pk) is False


@pytest.mark.parametrize(
    ("statut", "corps"),
    [(500, ""), (200, "<html>"), (200, "{}"), (200, '{"features": [{"geometry": null}]}'), (200, "[1]")],
)
def test_panne_du_geocodeur_se_retente(situee, geocodeur, statut, corps):
    geocodeur.statut, geocodeur.corps = statut, corps
    with pytest.raises(position.GeocodeurIndisponible):
        position.geocoder(situee.pk)


def test_geocodeur_muet_ne_bloque_pas(situee, geocodeur, monkeypatch):
    monkeypatch.setattr(position, "DELAI", 0.2)
    libere = threading.Event()
    geocodeur.pendant = lambda: libere.wait(5)
    with pytest.raises(position.GeocodeurIndisponible):
        position.geocoder(situee.pk)
    libere.set()


def test_geocodeur_absent_ou_etrange(situee, settings):
    for adresse in ("http://127.0.0.1:9/search", "file:///etc/hostname"):
        settings.GEOCODEUR_URL = adresse
        with pytest.raises(position.GeocodeurIndisponible):
            position.geocoder(situee.pk)


def test_structure_effacee_entre_temps(geocodeur):
    assert position.geocoder(10**9) is False


def test_adresse_changee_pendant_la_question(situee, geocodeur, monkeypatch):
    def reponse_tardive(adresse, commune):
        Structure.objects.filter(pk=situee.pk).update(adresse="Ailleurs")
        return (46.125, 3.43)

    monkeypatch.setattr(position, "demander", reponse_tardive)
    assert position.geocoder(situee.pk) is False
    assert point(situee)[2] == ""
