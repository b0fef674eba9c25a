"""Photos and documents of an announcement: honest types, right sizes, right readers, no file left behind."""

import io
import os
import time
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from annuaire.actions.images import purger_orphelins
from pole_ess.socle.fichiers import DOCX, ODT, lire
from pole_ess.socle.images import nettoyer_image
from ressources.actions import photos
from ressources.forms.annonce_photo import en_deux_tailles
from tests.factories.ressources import AnnonceFactory
from tests.images import image

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


@pytest.fixture
def prive():
    return storages["prive"]


@pytest.fixture
def annonce(structure):
    return AnnonceFactory(structure=structure)


@pytest.fixture
def connecte(client, referent):
    client.force_login(referent)
    return client


def ajouter(annonce, referent, alternative="Vingt chaises"):
    return photos.ajouter(annonce, par=referent, images=en_deux_tailles(image()), alternative=alternative)


def photo_situee() -> SimpleUploadedFile:
    """A JPEG of 2,000 pixels that says where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (46.0, 7.0, 30.0)})
    tampon = io.BytesIO()
    Image.new("RGB", (2000, 1500), "teal").save(tampon, "JPEG", exif=exif)
    return SimpleUploadedFile("IMG_2014.jpg", tampon.getvalue(), content_type="image/jpeg")


def test_une_photo_perd_sa_position_et_prend_deux_tailles(connecte, annonce):
    url = reverse("ressources:photos", args=[annonce.pk])
    assert connecte.post(url, {"fichier": photo_situee(), "alternative": "Les chaises"}).url == url
    photo = annonce.photos.get()
    with photo.fichier.open("rb") as grand, photo.vignette.open("rb") as petit:
        vues = [Image.open(io.BytesIO(fichier.read())) for fichier in (grand, petit)]
    assert [(vue.format, vue.size) for vue in vues] == [("WEBP", (1600, 1200)), ("WEBP", (480, 360))]
    assert [dict(vue.getexif()) for vue in vues] == [{}, {}]
    assert (photo.largeur, photo.hauteur) == (1600, 1200)
    assert "IMG_2014" not in photo.fichier.name
    assert sorted(default_storage.listdir("annonces")[1]) == sorted(
        nom.rpartition("/")[2] for nom in (photo.fichier.name, photo.vignette.name)
    ), "the original is nowhere"


@pytest.mark.parametrize("octets", [b"GIF89a" + b"0" * 60, b"<svg/>", PDF, b"", b"\xff\xd8\xff" + b"0" * 40])
def test_une_photo_qui_ment_est_refusee_et_sa_description_gardee(connecte, annonce, octets):
    envoi = {"fichier": SimpleUploadedFile("photo.jpg", octets, "image/jpeg"), "alternative": "Les vingt chaises"}
    reponse = connecte.post(reverse("ressources:photos", args=[annonce.pk]), envoi)
    assert reponse.status_code == 200
    assert "Les vingt chaises" in reponse.content.decode()
    assert annonce.photos.count() == 0


def test_une_photo_sans_description_est_refusee(connecte, annonce):
    reponse = connecte.post(reverse("ressources:photos", args=[annonce.pk]), {"fichier": image()})
    assert "Description de l" in reponse.content.decode()
    assert annonce.photos.count() == 0


def test_huit_photos_au_plus(connecte, annonce, referent):
    for _ in range(photos.PHOTOS_MAX):
        ajouter(annonce, referent)
    with pytest.raises(photos.ListePleine, match="8 photos au plus"):
        ajouter(annonce, referent)
    url = reverse("ressources:photos", args=[annonce.pk])
    reponse = connecte.post(url, {"fichier": image(), "alternative": "Neuvième"})
    assert "8 photos au plus" in reponse.content.decode()


def test_les_photos_se_rangent_par_boutons(connecte, annonce, referent):
    une, deux, trois = (ajouter(annonce, referent, nom) for nom in ("une", "deux", "trois"))

    def geste(photo, nom):
        url = reverse("ressources:photo_modifier", args=[annonce.pk, photo.pk])
        assert connecte.post(url, {"geste": nom}).status_code == 302
        return [photo.alternative for photo in annonce.photos.all()]

    assert geste(trois, "monter") == ["une", "trois", "deux"]
    assert geste(une, "descendre") == ["trois", "une", "deux"]
    assert geste(trois, "monter") == ["trois", "une", "deux"]
    assert geste(deux, "descendre") == ["trois", "une", "deux"]
    assert geste(une, "supprimer") == ["trois", "deux"]
    url = reverse("ressources:photo_modifier", args=[annonce.pk, deux.pk])
    connecte.post(url, {"alternative": "Deux chaises"})
    assert [photo.alternative for photo in annonce.photos.all()] == ["trois", "Deux chaises"]


def test_la_photo_d_une_autre_annonce_n_est_pas_trouvee(connecte, annonce, referent):
    autre = ajouter(AnnonceFactory(structure=annonce.structure), referent)
    assert connecte.get(reverse("ressources:photo_modifier", args=[annonce.pk, autre.pk])).status_code == 404


def archive(*parties, mimetype=None) -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as zip_:
        if mimetype:
            zip_.writestr("mimetype", mimetype)
        for nom in parties:
            zip_.writestr(nom, "<xml/>")
    return tampon.getvalue()


def envoye(octets, nom="fiche.pdf"):
    return SimpleUploadedFile(nom, octets, content_type="application/pdf")


@pytest.mark.parametrize(
    ("octets", "nom", "type_mime", "garde"),
    [
        (PDF, "Fiche technique.pdf", "application/pdf", "Fiche technique.pdf"),
        (PDF, "../../etc/passwd.exe", "application/pdf", "passwd.pdf"),
        (PDF, "fiche\u202efdp.exe", "application/pdf", "fichefdp.pdf"),
        (PDF, ".pdf", "application/pdf", "document.pdf"),
        (archive("content.xml", mimetype=ODT), "cv.odt", ODT, "cv.odt"),
        (archive("[Content_Types].xml", "word/document.xml"), "cv.doc", DOCX, "cv.docx"),
    ],
)
def test_le_type_se_lit_dans_le_contenu(octets, nom, type_mime, garde):
    fichier = envoye(octets)
    fichier._name = nom
    document = lire(fichier)
    assert (document.type_mime, document.nom) == (type_mime, garde)


def test_une_image_de_document_est_refaite():
    document = lire(photo_situee())
    assert (document.type_mime, document.nom) == ("image/webp", "IMG_2014.webp")
    assert Image.open(io.BytesIO(document.contenu.read())).format == "WEBP"


@pytest.mark.parametrize(
    "octets",
    [
        b"MZ\x90\x00" + b"0" * 100,
        b"<html><script>alert(1)</script>",
        b"%PDF-1.7 tronque",
        archive("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet"),
        archive("word/document.xml", "[Content_Types].xml", "word/vbaProject.bin"),
        archive("content.xml", "Basic/script.xml", mimetype=ODT),
        archive("rien.txt"),
        archive("content.xml", mimetype=ODT)[:60],
        b"PK\x03\x04" + b"0" * 40,
    ],
    ids=[
        "programme",
        "page",
        "pdf-tronque",
        "tableur",
        "macros-word",
        "macros-odt",
        "archive",
        "odt-tronque",
        "zip-vide",
    ],
)
def test_un_document_qui_ment_est_refuse(connecte, annonce, octets):
    url = reverse("ressources:fichiers", args=[annonce.pk])
    reponse = connecte.post(url, {"fichier": envoye(octets), "genre": "cv"})
    assert reponse.status_code == 200
    assert "Un point à corriger" in reponse.content.decode()
    assert annonce.fichiers.count() == 0


def test_un_document_se_donne_a_qui_a_un_compte(client, annonce, referent, etranger):
    client.force_login(referent)
    client.post(reverse("ressources:fichiers", args=[annonce.pk]), {"fichier": envoye(PDF, "Été.pdf"), "genre": "cv"})
    fichier = annonce.fichiers.get()
    url = reverse("ressources:fichier", args=[annonce.pk, fichier.pk])
    client.force_login(etranger)
    reponse = client.get(url)
    assert reponse.content == PDF
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["Content-Disposition"] == "attachment; filename*=utf-8''%C3%89t%C3%A9.pdf"
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in reponse["Content-Security-Policy"]
    assert "no-store" in reponse["Cache-Control"]
    client.logout()
    assert client.get(url).url.startswith("/compte/login/")
    page = client.get(annonce.get_absolute_url()).content.decode()
    assert "Été.pdf" not in page
    assert "Se connecter pour le lire" in page


def test_un_document_d_une_annonce_cachee_ne_se_donne_pas(client, structure, etranger, referent):
    cachee = AnnonceFactory(structure=structure, etat="brouillon")
    document = lire(envoye(PDF))
    fichier = photos.ajouter_fichier(cachee, par=referent, document=document, genre="cv")
    client.force_login(etranger)
    assert client.get(reverse("ressources:fichier", args=[cachee.pk, fichier.pk])).status_code == 404


def test_un_document_perdu_du_disque_n_est_pas_une_panne(connecte, annonce, referent, prive):
    fichier = photos.ajouter_fichier(annonce, par=referent, document=lire(envoye(PDF)), genre="cv")
    prive.delete(fichier.fichier.name)
    assert connecte.get(reverse("ressources:fichier", args=[annonce.pk, fichier.pk])).status_code == 404


def test_les_fichiers_que_rien_ne_nomme_partent(annonce, referent, prive):
    gardee, jetee = ajouter(annonce, referent), ajouter(annonce, referent)
    document = photos.ajouter_fichier(annonce, par=referent, document=lire(envoye(PDF)), genre="cv")
    jete = photos.ajouter_fichier(annonce, par=referent, document=lire(envoye(PDF)), genre="cv")
    photos.supprimer(jetee, par=referent)
    photos.supprimer_fichier(jete, par=referent)
    assert purger_orphelins() == 0, "too young to be an orphan"
    quand = time.time() - 8 * 86400
    for stockage in (default_storage, prive):
        for nom in stockage.listdir("annonces")[1]:
            os.utime(stockage.path(f"annonces/{nom}"), (quand, quand))
    prive.save("annonces/recente", ContentFile(b"x"))
    assert purger_orphelins() == 3
    assert default_storage.exists(gardee.fichier.name)
    assert default_storage.exists(gardee.vignette.name)
    assert prive.exists(document.fichier.name)
    assert not prive.exists(jete.fichier.name)
    assert prive.exists("annonces/recente")


def test_la_page_des_photos_en_requetes_constantes(connecte, annonce, referent, nombre_de_requetes):
    url = reverse("ressources:photos", args=[annonce.pk])
    ajouter(annonce, referent)
    une = nombre_de_requetes(lambda: connecte.get(url))
    for _ in range(4):
        ajouter(annonce, referent)
    assert nombre_de_requetes(lambda: connecte.get(url)) == une


def test_une_vignette_n_est_pas_une_photo_retaillee_deux_fois():
    images = en_deux_tailles(image(taille=(300, 200)))
    assert images["fichier"].name != images["vignette"].name
    assert nettoyer_image(images["vignette"]).size > 0
