"""Communes come from the public geo API, its file, or the project's table."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from annuaire.models import Commune

API = [
    {
        "code": "01001",
        "nom": "L'Abergement-Clémenciat",
        "codesPostaux": ["01400"],
        "population": 860,
        "codeDepartement": "01",
        "centre": {"type": "Point", "coordinates": [4.926, 46.1567]},
    },
    {"code": "2A004", "nom": "Ajaccio", "codesPostaux": ["20000", "20090"], "population": 73822},
]


@pytest.fixture
def fichier(tmp_path):
    chemin = tmp_path / "communes.json"
    chemin.write_text(json.dumps(API), encoding="utf-8")
    return chemin


def valeurs():
    return list(
        Commune.objects.order_by("code").values_list(
            "code", "nom", "codes_postaux", "latitude", "longitude", "population"
        )
    )


ATTENDU = [
    ("01001", "L'Abergement-Clémenciat", ["01400"], 46.1567, 4.926, 860),
    ("2A004", "Ajaccio", ["20000", "20090"], None, None, 73822),
]


def test_fichier_de_l_api_deux_fois(db, fichier, capsys):
    call_command("importer_communes", str(fichier))
    assert valeurs() == ATTENDU
    assert capsys.readouterr().out.startswith("2 créées, 0 mises à jour, 0 inchangées")
    call_command("importer_communes", str(fichier))
    assert capsys.readouterr().out.startswith("0 créées, 0 mises à jour, 2 inchangées")


def test_ce_qui_change_est_mis_a_jour_sans_effacer_le_connu(db, fichier, capsys):
    call_command("importer_communes", str(fichier))
    Commune.objects.filter(code="2A004").update(latitude=41.93, longitude=8.73, nom="Ajacciu")
    capsys.readouterr()
    call_command("importer_communes", str(fichier))
    assert capsys.readouterr().out.startswith("0 créées, 1 mises à jour, 1 inchangées")
    ajaccio = Commune.objects.get(code="2A004")
    assert (ajaccio.nom, ajaccio.latitude, ajaccio.longitude) == ("Ajaccio", 41.93, 8.73)


def test_table_du_projet(db):
    call_command("importer_communes", str(Path(settings.BASE_DIR) / "data" / "communes-territoire.csv"))
    vichy = Commune.objects.get(code="03310")
    assert (vichy.nom, vichy.codes_postaux) == ("Vichy", ["03200"])
    assert Commune.objects.filter(nom="Ébreuil").exists()


@pytest.mark.parametrize(
    ("contenu", "message"),
    [
        (b"", "ni le JSON"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"{}", "pas une liste de communes"),
        (b"[]", "pas une liste de communes"),
        (b"[1]", "n° 1"),
        (b"[" * 100_000, "ni le JSON"),
        (json.dumps([{**API[0], "code": 1001}]).encode(), "code officiel"),
        (json.dumps([{**API[0], "code": "1001"}]).encode(), "code officiel"),
        (json.dumps([{**API[0], "nom": ""}]).encode(), "le nom manque"),
        (json.dumps([{**API[0], "nom": "x" * 81}]).encode(), "80 caractères"),
        (json.dumps([{**API[0], "codesPostaux": ["1400"]}]).encode(), "code postal"),
        (json.dumps([{**API[0], "centre": {"coordinates": [4.9]}}]).encode(), "centre"),
        (json.dumps([{**API[0], "centre": {"coordinates": [4.9, 146.0]}}]).encode(), "sur la Terre"),
        (b'[{"code":"01001","nom":"A","centre":{"coordinates":[NaN,46.0]}}]', "sur la Terre"),
        (json.dumps([{**API[0], "population": -1}]).encode(), "population"),
        (json.dumps([API[0], API[0]]).encode(), "deux fois"),
        (b"code,nom\n01001,A\n", "colonnes attendues"),
        (b"code,nom,codes_postaux,latitude,longitude,population,epci\n01001,A\n", "colonnes"),
        (b"code,nom,codes_postaux,latitude,longitude,population,epci\n", "aucune commune"),
    ],
)
def test_mauvais_fichier_dit_pourquoi_et_n_ecrit_rien(db, tmp_path, contenu, message):
    chemin = tmp_path / "communes.json"
    chemin.write_bytes(contenu)
    with pytest.raises(CommandError, match=message):
        call_command("importer_communes", str(chemin))
    assert Commune.objects.count() == 0


def test_fichier_absent(db, tmp_path):
    with pytest.raises(CommandError, match="ne s'ouvre pas"):
        call_command("importer_communes", str(tmp_path / "rien.json"))


@pytest.fixture
def api(settings):
    """A local server in the place of the public API: `reponses` is (status, body), `vues` the paths asked."""

    class Api(BaseHTTPRequestHandler):
        statut, corps, vues = 200, json.dumps(API).encode(), []

        def do_GET(self):
            self.vues.append(self.path)
            self.send_response(self.statut)
            self.end_headers()
            self.wfile.write(self.corps)

        def log_message(self, *args):
            pass

    Api.vues = []
    serveur = HTTPServer(("127.0.0.1", 0), Api)
    fil = threading.Thread(target=serveur.serve_forever, daemon=True)
    fil.start()
    settings.COMMUNES_API_URL = f"http://127.0.0.1:{serveur.server_port}/communes"
    yield Api
    serveur.shutdown()
    serveur.server_close()
    fil.join()


def test_api(db, api):
    call_command("importer_communes", "--api")
    assert valeurs() == ATTENDU
    assert api.vues == ["/communes?fields=code,nom,codesPostaux,centre,population,codeEpci"]


def test_api_en_panne(db, api):
    api.statut = 503
    with pytest.raises(CommandError, match="erreur 503"):
        call_command("importer_communes", "--api")
    assert Commune.objects.count() == 0


def test_api_qui_repond_autre_chose(db, api):
    api.corps = b"<html>maintenance</html>"
    with pytest.raises(CommandError, match="ni le JSON"):
        call_command("importer_communes", "--api")


def test_api_injoignable(db, settings):
    settings.COMMUNES_API_URL = "http://127.0.0.1:9/communes"
    with pytest.raises(CommandError, match="ne répond pas"):
        call_command("importer_communes", "--api")
