"""What becomes of the files of logos and photos once replaced."""

import os
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from annuaire.actions import edition, images
from annuaire.models import Modification, Photo
from tests.factories import StructureFactory

pytestmark = pytest.mark.django_db


def fichier(nom):
    return ContentFile(b"image", name=nom)


def vieillir(jours=8):
    """Every file becomes as old as that."""
    quand = time.time() - jours * 86400
    for dossier in ("logos", "photos"):
        for nom in default_storage.listdir(dossier)[1] if default_storage.exists(dossier) else ():
            os.utime(default_storage.path(f"{dossier}/{nom}"), (quand, quand))


def restants():
    return sorted(
        f"{dossier}/{nom}"
        for dossier in ("logos", "photos")
        for nom in (default_storage.listdir(dossier)[1] if default_storage.exists(dossier) else ())
    )


def test_un_logo_remplace_attend_la_relecture_puis_part(structure, referent):
    edition.enregistrer(structure, par=None, valeurs={"logo": fichier("ancien.webp")})
    Modification.objects.all().delete()
    edition.enregistrer(structure, par=referent, valeurs={"logo": fichier("nouveau.webp")})
    vieillir()
    assert images.purger_orphelins() == 0, "staff may still put the former logo back"
    Modification.objects.update(etat=Modification.Etat.RELUE)
    assert images.purger_orphelins() == 1
    assert restants() == ["logos/nouveau.webp"]
    assert images.purger_orphelins() == 0


def test_seuls_partent_les_fichiers_vieux_que_rien_ne_nomme():
    photo = Photo.objects.create(structure=StructureFactory(), fichier=fichier("gardee.webp"), alternative="Atelier")
    default_storage.save("photos/perdue.webp", fichier("x"))
    default_storage.save("autre/perdue.webp", fichier("x"))
    vieillir()
    default_storage.save("photos/recente.webp", fichier("x"))
    assert images.purger_orphelins() == 1
    assert restants() == [photo.fichier.name, "photos/recente.webp"]
    assert default_storage.exists("autre/perdue.webp")


def test_une_photo_de_trop_est_refusee_par_l_action(structure, referent, monkeypatch):
    monkeypatch.setattr(edition, "PHOTOS_MAX", 1)
    edition.ajouter_photo(structure, par=referent, fichier=fichier("une.webp"), alternative="Atelier")
    with pytest.raises(edition.ListePleine, match="1 photos au plus"):
        edition.ajouter_photo(structure, par=referent, fichier=fichier("deux.webp"), alternative="Jardin")
    assert [photo.alternative for photo in structure.photos.all()] == ["Atelier"]


def test_sans_aucun_fichier_rien_ne_se_passe(db):
    assert images.purger_orphelins() == 0
