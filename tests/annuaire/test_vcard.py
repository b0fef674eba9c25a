"""The business card read back by the library that address books' authors test with."""

import pytest
import vobject
from django.urls import reverse

from annuaire.models import Contact
from tests.factories import ActiviteFactory, CommuneFactory


@pytest.fixture
def complete(structure):
    structure.nom = "Éclats d'été ; braille, culture & « cie » \\ 100 % " + "é" * 60
    structure.sigle = "EBC"
    structure.telephone, structure.courriel = "04 70 00 00 01", "accueil@structure.example.org"
    structure.telephone_public, structure.courriel_public = True, False
    structure.adresse = "1, rue inventée ; bâtiment B"
    structure.commune = CommuneFactory(code="03310", nom="Vichy-Essai", codes_postaux=["03200"])
    structure.latitude, structure.longitude, structure.position_origine = 46.1278, 3.4264, "adresse"
    structure.site = "https://structure.example.org/"
    structure.save()
    structure.activites.add(ActiviteFactory(nom="Sport, loisirs"), ActiviteFactory(nom="Culture"))
    return structure


def telecharger(client, structure):
    response = client.get(reverse("annuaire:vcard", args=[structure.slug]))
    assert response.status_code == 200
    return response, vobject.readOne(response.content.decode("utf-8"))


def test_vcard_se_relit(client, complete):
    response, carte = telecharger(client, complete)
    assert response["Content-Type"] == "text/vcard; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{complete.slug}.vcf"'
    assert response["Content-Disposition"].isascii()
    assert carte.version.value == "3.0"
    assert carte.fn.value == complete.nom
    assert carte.org.value == [complete.nom]
    assert carte.nickname.value == "EBC"
    assert carte.tel.value == "04 70 00 00 01"
    assert carte.adr.value.street == "1, rue inventée ; bâtiment B"
    assert carte.adr.value.city == "Vichy-Essai"
    assert carte.adr.value.code == "03200"
    assert carte.geo.value == "46.127800;3.426400"
    assert carte.url.value == "https://structure.example.org/"
    assert sorted(carte.categories.value) == ["Culture", "Sport, loisirs"]
    assert carte.source.value == f"http://testserver/annuaire/{complete.slug}/"


def test_vcard_replie_ses_lignes_a_75_octets(client, complete):
    response, _ = telecharger(client, complete)
    lignes = response.content.split(b"\r\n")
    assert max(len(ligne) for ligne in lignes) <= 75
    assert b"\n" not in b"".join(lignes)


@pytest.mark.parametrize(("role", "voit"), [("visiteur", False), ("etranger", True), ("referent", True)])
def test_vcard_ne_dit_que_ce_que_le_lecteur_peut_voir(client, request, complete, role, voit):
    utilisateur = request.getfixturevalue(role)
    if utilisateur:
        client.force_login(utilisateur)
    response, carte = telecharger(client, complete)
    assert ("email" in carte.contents) == voit
    assert (b"accueil@structure.example.org" in response.content) == voit


def test_vcard_nomme_les_contacts_avec_accord_seulement(client, complete, referent):
    Contact.objects.create(
        structure=complete, nom="Camille\r\nTEL:0000", fonction="Accueil", nom_public=True, consentement_le="2026-01-01"
    )
    Contact.objects.create(structure=complete, nom="Dominique Cachée", telephone="04 70 00 00 09")
    _, carte = telecharger(client, complete)
    assert "À contacter : Camille TEL:0000 (Accueil)" in carte.note.value
    assert len(carte.contents["tel"]) == 1
    assert "Dominique" not in carte.note.value
    client.force_login(referent)
    _, carte = telecharger(client, complete)
    assert "À contacter : Dominique Cachée, 04 70 00 00 09" in carte.note.value


@pytest.mark.parametrize("hostile", ["a\x07b\x1bc", "a\r\nTEL:1", "a\u2028b", "BEGIN:VCARD\nEND:VCARD"])
def test_vcard_reste_une_seule_carte(client, complete, hostile):
    complete.nom = hostile
    complete.save()
    response, _ = telecharger(client, complete)
    cartes = list(vobject.readComponents(response.content.decode()))
    assert len(cartes) == 1
    assert len(cartes[0].contents["tel"]) == 1


def test_vcard_d_une_structure_nue(client, structure):
    structure.commune, structure.courriel = None, ""
    structure.save()
    _, carte = telecharger(client, structure)
    assert sorted(carte.contents) == ["fn", "n", "note", "org", "rev", "source", "uid", "version", "x-abshowas"]
