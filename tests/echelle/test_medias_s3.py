"""Every file of the portal on an S3-compatible storage: public pictures, private files, purges, erasure."""

from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from annuaire.actions import edition
from annuaire.actions.effacement import effacer_personne
from annuaire.actions.images import purger_orphelins
from annuaire.models import ImportStructures, Photo
from newsletter.controle.constats import _mort
from pole_ess.settings import medias
from ressources.models import FichierAnnonce
from tests.factories.ressources import AnnonceFactory
from tests.images import image

from .conftest import cles

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
PUBLIQUE = "https://medias.example.org/pole"


@pytest.fixture
def connecte(client, referent):
    client.force_login(referent)
    return client


def poser_une_photo(connecte, structure) -> Photo:
    reponse = connecte.post(
        reverse("annuaire:photos", args=[structure.slug]), {"fichier": image(), "alternative": "Le jardin"}
    )
    assert reponse.status_code == 302
    return structure.photos.get()


def test_photo_is_uploaded_shown_and_deleted(
    sur_s3, client_s3, connecte, structure, django_capture_on_commit_callbacks
):
    sur_s3()
    photo = poser_une_photo(connecte, structure)
    assert cles(client_s3, "pole") == [f"medias/{photo.fichier.name}"]
    assert cles(client_s3, "pole-prive") == []
    objet = client_s3.head_object(Bucket="pole", Key=f"medias/{photo.fichier.name}")
    assert (objet["ContentType"], objet["CacheControl"]) == ("image/webp", "public, max-age=31536000, immutable")
    assert f'src="/media/{photo.fichier.name}"' in connecte.get(structure.get_absolute_url()).text

    reponse = connecte.get(photo.fichier.url)
    assert reponse.content[:4] == b"RIFF"
    assert (reponse["Content-Type"], reponse["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert connecte.get(photo.fichier.url, headers={"if-modified-since": reponse["Last-Modified"]}).status_code == 304

    with django_capture_on_commit_callbacks(execute=True):
        edition.supprimer_photo(photo, par=None)
    assert cles(client_s3, "pole") == []
    assert connecte.get(photo.fichier.url).status_code == 404


def test_with_a_public_address_pages_name_it_and_nothing_else(sur_s3, settings, client, connecte, structure):
    sur_s3(PUBLIQUE)
    photo = poser_une_photo(connecte, structure)
    page = client.get(structure.get_absolute_url()).text
    assert f'src="{PUBLIQUE}/{photo.fichier.name}"' in page
    assert f'"{PUBLIQUE}/{photo.fichier.name}"' in page.partition("application/ld+json")[2]
    assert settings.PORTAIL_URL + PUBLIQUE not in page
    assert medias.origines(settings.MEDIAS_S3) == ["https://medias.example.org"], "what img-src takes besides"


@pytest.mark.parametrize("chemin", ["photos/rien.webp", "../prive/a.webp", "photos/", "a" * 2000 + ".webp", "a.html"])
def test_nothing_else_than_public_pictures_is_read_from_the_bucket(sur_s3, client_s3, client, db, chemin):
    sur_s3()
    client_s3.put_object(Bucket="pole", Key="prive/a.webp", Body=b"secret")
    client_s3.put_object(Bucket="pole", Key="medias/a.html", Body=b"<script>")
    assert client.get(f"/media/{chemin}").status_code == 404


def test_private_file_is_read_through_its_view_by_who_may(
    sur_s3, client_s3, client, connecte, structure, etranger, monkeypatch
):
    sur_s3()
    annonce = AnnonceFactory(structure=structure, etat="brouillon")
    depose = {"fichier": SimpleUploadedFile("plan.pdf", PDF, content_type="application/pdf"), "genre": "autre"}
    assert connecte.post(reverse("ressources:fichiers", args=[annonce.pk]), depose).status_code == 302
    document = FichierAnnonce.objects.get()
    assert cles(client_s3, "pole-prive") == [f"prive/{document.fichier.name}"]
    assert cles(client_s3, "pole") == []
    with pytest.raises(ValueError, match="not accessible via a URL"):
        _ = document.fichier.url

    adresse = reverse("ressources:fichier", args=[annonce.pk, document.pk])
    reponse = connecte.get(adresse)
    assert (reponse.status_code, reponse.content) == (200, PDF)
    client.force_login(etranger)
    assert client.get(adresse).status_code == 404
    client.logout()
    assert client.get(adresse).status_code == 302
    assert client.get(f"/media/{document.fichier.name}").status_code == 404

    client.force_login(structure.rattachements.get(role="referent").utilisateur)
    assert client.post(adresse).status_code == 302
    assert client.get(adresse).status_code == 404
    vieux = timezone.now() - timedelta(days=8)
    monkeypatch.setattr(type(storages["prive"]), "get_modified_time", lambda *_: vieux)
    assert purger_orphelins() == 1, "the object leaves with the sweep of orphans, as a file does"
    assert cles(client_s3, "pole-prive") == []


def test_erasing_a_person_removes_the_objects_that_name_them(
    sur_s3, client_s3, structure, django_capture_on_commit_callbacks
):
    sur_s3()
    for nom, mots in [("avec", "Léa Durand-Exemple"), ("sans", "Autre Personne")]:
        depot = ImportStructures.objects.create(nom=nom, source="hub")
        depot.fichier.save(nom, ContentFile(f"nom;contact\nLes Amis;{mots}\n".encode()))
    assert len(cles(client_s3, "pole-prive")) == 2
    with django_capture_on_commit_callbacks(execute=True):
        effacer_personne(structure=structure, nom="Léa Durand-Exemple", courriel="lea@example.org")
    restant = ImportStructures.objects.get(nom="sans")
    assert cles(client_s3, "pole-prive") == [f"prive/{restant.fichier.name}"]
    assert not ImportStructures.objects.get(nom="avec").fichier


def test_files_that_nothing_names_are_purged(sur_s3, client_s3, structure, monkeypatch):
    sur_s3()
    photo = Photo.objects.create(structure=structure, fichier=ContentFile(b"x", name="gardee.webp"), alternative="A")
    for nom in ("perdue", "recente"):
        default_storage.save(f"photos/{nom}.webp", ContentFile(b"x"))
    lue = type(default_storage._wrapped).get_modified_time
    monkeypatch.setattr(
        type(default_storage._wrapped),
        "get_modified_time",
        lambda stockage, nom: timezone.now() - timedelta(days=8) if "perdue" in nom else lue(stockage, nom),
    )
    assert purger_orphelins() == 1
    assert cles(client_s3, "pole") == [f"medias/{photo.fichier.name}", "medias/photos/recente.webp"]


def test_letter_knows_whether_a_picture_is_still_there(sur_s3, settings):
    for publique, racine in [("", f"{settings.PORTAIL_URL}/media"), (PUBLIQUE, PUBLIQUE)]:
        sur_s3(publique)
        nom = default_storage.save("lettre/la.jpg", ContentFile(b"x"))
        assert list(_mort(f"{racine}/{nom}", "la photo", "")) == []
        assert [c.bloquant for c in _mort(f"{racine}/lettre/partie.jpg", "la photo", "")] == [True]


def test_a_storage_that_is_away_says_it_as_a_disk_does(sur_s3, settings, caplog):
    sur_s3()
    options = storages["default"].__dict__["_constructor_args"][1] | {"bucket_name": "un-autre"}
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "pole_ess.socle.stockage_s3.Medias", "OPTIONS": options}
    }
    with pytest.raises(OSError, match="S3"):
        default_storage.save("photos/a.webp", ContentFile(b"x"))
    assert "S3" in caplog.text


@pytest.mark.parametrize(
    ("dit", "attendu"),
    [
        ({}, set()),
        ({"cle": "k", "secret": "s"}, {"pole_ess.E010"}),
        ({"bucket": "b", "bucket_prive": "p", "cle": "k", "secret": "s"}, set()),
        ({"bucket": "b", "cle": "k"}, {"pole_ess.E012"}),
        ({"bucket": "b", "adresse": "s3.example.org"}, {"pole_ess.E013"}),
        ({"bucket": "b", "url_publique": PUBLIQUE}, {"pole_ess.W010"}),
        ({"bucket": "b", "bucket_prive": "b", "url_publique": PUBLIQUE}, {"pole_ess.W010"}),
        ({"bucket": "b", "bucket_prive": "p", "url_publique": PUBLIQUE}, set()),
    ],
)
def test_half_configured_storage_is_told(settings, dit, attendu):
    settings.MEDIAS_S3 = dict.fromkeys(medias.NOMS, "") | dit
    assert {m.id for m in run_checks(tags=["files"]) if m.id.startswith("pole_ess")} == attendu


def test_a_bucket_that_nobody_serves_is_told(settings):
    settings.MEDIAS_S3 = dict.fromkeys(medias.NOMS, "") | {"bucket": "b"}
    settings.SERVIR_MEDIAS = False
    assert "pole_ess.E014" in {m.id for m in run_checks(tags=["files"])}
