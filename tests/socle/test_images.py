"""Pictures from strangers."""

import io
import struct
import tracemalloc
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from pole_ess.socle.images import COTE_MAX, nettoyer_image


def octets(format="JPEG", taille=(60, 40), mode="RGB", couleur=(200, 30, 30), **options):
    sortie = io.BytesIO()
    Image.new(mode, taille, couleur).save(sortie, format, **options)
    return sortie.getvalue()


def fichier(contenu, nom="photo.jpg", genre="image/jpeg"):
    return SimpleUploadedFile(nom, contenu, content_type=genre)


def png_qui_pretend(largeur, hauteur):
    """A PNG of a few bytes whose header announces this many pixels."""

    def bloc(nom, donnees):
        return struct.pack(">I", len(donnees)) + nom + donnees + struct.pack(">I", zlib.crc32(nom + donnees))

    entete = struct.pack(">IIBBBBB", largeur, hauteur, 1, 0, 0, 0, 0)
    ligne = b"\x00" + b"\x00" * ((largeur + 7) // 8)
    compresseur = zlib.compressobj(9)
    image = b"".join(compresseur.compress(ligne) for _ in range(hauteur)) + compresseur.flush()
    return b"\x89PNG\r\n\x1a\n" + bloc(b"IHDR", entete) + bloc(b"IDAT", image) + bloc(b"IEND", b"")


@pytest.mark.parametrize(
    ("format", "mode"), [("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB")]
)
def test_image_honnete_devient_webp_au_nom_de_hasard(format, mode):
    couleur = 1 if mode == "P" else tuple([10] * len(mode))
    propre = nettoyer_image(fichier(octets(format, mode=mode, couleur=couleur), nom="../../Vacances de Zoé.php.jpg"))
    assert propre.read(4) == b"RIFF"
    propre.seek(0)
    image = Image.open(propre)
    assert (image.format, image.size) == ("WEBP", (60, 40))
    assert len(propre.name) == 37
    assert propre.name.endswith(".webp")
    assert propre.name != nettoyer_image(fichier(octets())).name


def test_grande_image_est_reduite():
    propre = nettoyer_image(fichier(octets(taille=(4000, 1000))))
    assert Image.open(propre).size == (COTE_MAX, COTE_MAX // 4)


def test_exif_et_position_disparaissent_et_l_image_est_droite():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "Appareil de Léa"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (46.0, 7.0, 40.0)
    source = octets(exif=exif)
    assert b"Appareil" in source
    propre = nettoyer_image(fichier(source))
    contenu = propre.read()
    propre.seek(0)
    image = Image.open(propre)
    assert image.size == (40, 60)
    assert dict(image.getexif()) == {}
    for trace in (b"Appareil", b"EXIF", b"Exif", b"XMP"):
        assert trace not in contenu


def test_polyglotte_perd_ce_qui_n_est_pas_l_image():
    propre = nettoyer_image(fichier(octets() + b"<script>alert(1)</script><?php system('id'); ?>PK\x03\x04"))
    contenu = propre.read()
    for trace in (b"<script", b"<?php", b"PK\x03\x04"):
        assert trace not in contenu


@pytest.mark.parametrize(
    ("contenu", "nom", "genre"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "logo.svg", "image/svg+xml"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.png", "image/png"),
        ("Ceci est un texte renommé.".encode(), "photo.jpg", "image/jpeg"),
        (b"<html><script>alert(1)</script></html>", "photo.png", "image/png"),
        (b"%PDF-1.7 faux", "photo.jpg", "image/jpeg"),
        (b"GIF89a" + b"\x00" * 60, "photo.gif", "image/gif"),
        (octets("GIF", mode="P", couleur=1), "photo.jpg", "image/jpeg"),
        (octets("TIFF"), "photo.jpg", "image/jpeg"),
        (octets("BMP"), "photo.jpg", "image/jpeg"),
        (b"", "photo.jpg", "image/jpeg"),
        (b"\xff\xd8\xff", "photo.jpg", "image/jpeg"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "photo.jpg", "image/jpeg"),
    ],
)
def test_fichier_qui_ment_est_refuse(contenu, nom, genre):
    with pytest.raises(ValidationError) as refus:
        nettoyer_image(fichier(contenu, nom, genre))
    assert refus.value.code in ("illisible", "abimee")


@pytest.mark.parametrize("reste", [20, 200, 600])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_image_coupee_est_refusee(format, reste):
    bruit = Image.effect_noise((200, 200), 80).convert("RGB")
    sortie = io.BytesIO()
    bruit.save(sortie, format)
    with pytest.raises(ValidationError):
        nettoyer_image(fichier(sortie.getvalue()[:reste]))


def test_image_au_contenu_brouille_ne_casse_rien():
    """Any byte changed anywhere: a picture or a refusal in French, never another error."""
    for format in ("JPEG", "PNG", "WEBP"):
        source = bytearray(octets(format, taille=(40, 40)))
        for rang in range(0, len(source), 7):
            abime = bytearray(source)
            abime[rang] ^= 0xFF
            try:
                nettoyer_image(fichier(bytes(abime)))
            except ValidationError:
                continue


@pytest.mark.parametrize(("largeur", "hauteur"), [(8200, 5000), (65000, 3000)])
def test_trop_de_pixels_est_refuse_sans_etre_depliee(largeur, hauteur):
    bombe = png_qui_pretend(largeur, hauteur)
    assert len(bombe) < 300_000
    tracemalloc.start()
    with pytest.raises(ValidationError) as refus:
        nettoyer_image(fichier(bombe, "bombe.png"))
    _, sommet = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refus.value.code in ("trop_grande", "illisible")
    assert sommet < 20_000_000


def test_quarante_millions_de_pixels_passent():
    assert Image.open(nettoyer_image(fichier(png_qui_pretend(8000, 5000), "grande.png"))).size == (1600, 1000)


def test_trop_lourd_est_refuse_avant_lecture(settings):
    settings.IMAGE_MAX_OCTETS = 1024 * 1024
    with pytest.raises(ValidationError, match="trop lourde : 1 Mo au plus"):
        nettoyer_image(fichier(b"\xff" * (1024 * 1024 + 1)))
