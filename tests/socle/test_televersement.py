"""Uploads are stopped while they stream, and the rest of the form is kept."""

import tempfile
import tracemalloc
from pathlib import Path

import pytest
from django.test import Client, override_settings

MO = 1024 * 1024


class Flux:
    """A multipart body made as it is read: nothing of it is ever whole in memory."""

    def __init__(self, morceaux):
        self.morceaux = iter(morceaux)
        self.reste = b""

    def read(self, taille=-1):
        while taille < 0 or len(self.reste) < taille:
            morceau = next(self.morceaux, None)
            if morceau is None:
                break
            self.reste += morceau
        debut, self.reste = (self.reste, b"") if taille < 0 else (self.reste[:taille], self.reste[taille:])
        return debut

    readline = None  # WSGI asks for it; the parser of forms never does


def champ(nom, valeur):
    return f'--XX\r\nContent-Disposition: form-data; name="{nom}"\r\n\r\n{valeur}\r\n'.encode()


def fichier(nom, octets):
    yield (
        f'--XX\r\nContent-Disposition: form-data; name="{nom}"; filename="{nom}.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode()
    bloc = b"\xff" * (64 * 1024)
    for _ in range(octets // len(bloc)):
        yield bloc
    yield b"\r\n"


def corps(*, jeton="", fichiers, titre="Fête de l'été"):
    yield champ("csrfmiddlewaretoken", jeton)
    for nom, octets in fichiers:
        yield from fichier(nom, octets)
    yield champ("titre", titre)  # after the files: it must be read although a file was dropped
    yield b"--XX--\r\n"


def envoyer(client, **contenu):
    longueur = sum(len(morceau) for morceau in corps(**contenu))
    return client.generic(
        "POST",
        "/deposer/",
        b"",
        CONTENT_TYPE="multipart/form-data; boundary=XX",
        CONTENT_LENGTH=str(longueur),
        **{"wsgi.input": Flux(corps(**contenu))},
    )


@pytest.fixture
def client(settings):
    settings.ROOT_URLCONF = "tests.socle.urls_televersement"
    return Client()


def test_petit_fichier_passe(client):
    reponse = envoyer(client, fichiers=[("photo", 3 * MO)])
    assert reponse.json() == {"titre": "Fête de l'été", "fichiers": {"photo": 3 * MO}, "trop_lourds": []}


def test_cinquante_mo_sont_coupes_et_le_reste_est_garde(client):
    reponse = envoyer(client, fichiers=[("photo", 50 * MO), ("autre", MO)])
    assert reponse.json() == {"titre": "Fête de l'été", "fichiers": {"autre": MO}, "trop_lourds": ["photo"]}


def test_cinquante_mo_ne_tiennent_ni_la_memoire_ni_le_disque(client, tmp_path):
    with override_settings(FILE_UPLOAD_TEMP_DIR=str(tmp_path)):
        tracemalloc.start()
        envoyer(client, fichiers=[("photo", 50 * MO)])
        _, sommet = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert sommet < 8 * MO
    assert list(tmp_path.iterdir()) == []


def test_total_de_la_demande_est_borne(client, settings):
    settings.TELEVERSEMENT_MAX_OCTETS = 5 * MO
    reponse = envoyer(client, fichiers=[("photo", 3 * MO), ("autre", 3 * MO)])
    assert reponse.json() == {"titre": "Fête de l'été", "fichiers": {"photo": 3 * MO}, "trop_lourds": ["autre"]}


def test_jeton_csrf_est_lu_dans_le_meme_corps(settings):
    settings.ROOT_URLCONF = "tests.socle.urls_televersement"
    client = Client(enforce_csrf_checks=True)
    jeton = client.get("/deposer/").content.decode()
    assert envoyer(client, jeton=jeton, fichiers=[("photo", 21 * MO)]).json()["trop_lourds"] == ["photo"]


@pytest.mark.django_db
def test_trop_de_fichiers_est_refuse(client, settings):
    settings.ROOT_URLCONF = "pole_ess.urls"
    client.raise_request_exception = False
    reponse = client.generic(
        "POST",
        "/compte/login/",
        b"".join(corps(fichiers=[(f"f{rang}", 0) for rang in range(101)])),
        content_type="multipart/form-data; boundary=XX",
    )
    assert reponse.status_code == 400
    assert "pas lisible" in reponse.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("genre", "contenu"),
    [
        ("multipart/form-data", b"sans frontiere"),
        ("multipart/form-data; boundary=XX", b"--XX\r\nn'importe quoi"),
        ("multipart/form-data; boundary=" + "x" * 300, b""),
        ("application/x-www-form-urlencoded; charset=klingon", b"login=a"),
        ("application/json", b"{"),
    ],
)
def test_corps_absurde_n_est_jamais_une_erreur_500(genre, contenu):
    client = Client(raise_request_exception=False)
    reponse = client.generic("POST", "/compte/login/", contenu, content_type=genre)
    assert reponse.status_code in (200, 400)


def test_nom_de_fichier_ne_remonte_pas_les_dossiers(client):
    reponse = client.generic(
        "POST",
        "/deposer/",
        b'--XX\r\nContent-Disposition: form-data; name="photo"; filename="../../etc/passwd\x00.jpg"\r\n\r\nabc\r\n'
        + champ("titre", "t")
        + b"--XX--\r\n",
        content_type="multipart/form-data; boundary=XX",
    )
    assert reponse.json()["fichiers"] == {"photo": 3}
    assert not Path(tempfile.gettempdir(), "etc").exists()
