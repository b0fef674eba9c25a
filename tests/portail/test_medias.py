"""Public pictures: our own types, never sniffed nor run, nothing outside their folder; private files have no URL."""

import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client

from annuaire.models import ImportStructures


@pytest.fixture
def photo(settings):
    dossier = Path(settings.MEDIA_ROOT) / "photos"
    dossier.mkdir(parents=True)
    (dossier / "a.webp").write_bytes(b"RIFFxxxxWEBP")
    return dossier / "a.webp"


def test_image_est_servie_avec_son_type(client, photo):
    reponse = client.get("/media/photos/a.webp")
    assert reponse.status_code == 200
    assert reponse.content == b"RIFFxxxxWEBP"
    assert {nom: reponse[nom] for nom in ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy")} == {
        "Content-Type": "image/webp",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    assert "immutable" in reponse["Cache-Control"]


def test_image_inchangee_n_est_pas_renvoyee(client, photo):
    date = client.get("/media/photos/a.webp")["Last-Modified"]
    reponse = client.get("/media/photos/a.webp", headers={"if-modified-since": date})
    assert (reponse.status_code, reponse.content) == (304, b"")
    os.utime(photo, (2_000_000_000, 2_000_000_000))
    assert client.get("/media/photos/a.webp", headers={"if-modified-since": date}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("nom", ["a.svg", "a.html", "a.webp.html", "a.js", "a", ".webp", "a.pdf"])
def test_autre_type_n_est_pas_servi(client, photo, nom):
    (photo.parent / nom).write_bytes(b"<svg onload='alert(1)'>")
    assert client.get(f"/media/photos/{nom}").status_code == 404


def test_html_renomme_en_image_reste_une_image(client, photo):
    (photo.parent / "b.png").write_bytes(b"<html><script>alert(1)</script>")
    reponse = client.get("/media/photos/b.png")
    assert (reponse["Content-Type"], reponse["X-Content-Type-Options"]) == ("image/png", "nosniff")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "chemin",
    [
        "../secret.png",
        "photos/../../secret.png",
        "%2e%2e/secret.png",
        "..%2fsecret.png",
        "photos/..%5c..%5csecret.png",
        "/etc/secret.png",
        "photos/lien.png",
        "photos/",
        "photos",
        "",
        "absente.png",
        "photos/a.webp/",
        "x" * 5000 + ".png",
    ],
)
def test_rien_hors_du_dossier(client, photo, settings, chemin):
    secret = Path(settings.MEDIA_ROOT).parent / "secret.png"
    secret.write_bytes(b"secret")
    (photo.parent / "lien.png").symlink_to(secret)
    assert Client(raise_request_exception=False).get(f"/media/{chemin}").status_code == 404


@pytest.mark.django_db
def test_post_est_refuse(client, photo):
    assert client.post("/media/photos/a.webp").status_code == 405


@pytest.mark.django_db
def test_fichier_prive_n_a_pas_d_adresse(client, settings):
    depot = ImportStructures.objects.create(nom="liste.csv", source="hub")
    depot.fichier.save("liste.csv", ContentFile(b"nom\n"))
    try:
        with pytest.raises(ValueError, match="not accessible via a URL"):
            depot.fichier.url  # noqa: B018 - reading it is the test
        assert Path(settings.MEDIA_ROOT).resolve() not in Path(depot.fichier.path).resolve().parents
        for chemin in (depot.fichier.name, f"prive/{depot.fichier.name}", f"../prive/{depot.fichier.name}"):
            assert client.get(f"/media/{chemin}").status_code == 404
        assert "liste" not in depot.fichier.name
    finally:
        storages["prive"].delete(depot.fichier.name)
