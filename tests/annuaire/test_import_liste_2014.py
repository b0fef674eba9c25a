"""The hub's real list: 48 attendance lines of the minutes of 30 January 2014, 49 distinct structures."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from annuaire.imports import communes, taxonomie
from annuaire.models import Contact, Structure

DATA = Path(settings.BASE_DIR) / "data"


def lignes(nom):
    with (DATA / nom).open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier, delimiter=";"))


def test_les_48_lignes_nomment_49_structures():
    presences = lignes("presences-2014.csv")
    assert [int(p["ligne"]) for p in presences] == list(range(1, 49))
    assert Counter(p["presence"] for p in presences) == {"présente": 28, "excusée": 20}
    nommees = Counter(cle for p in presences for cle in p["structures"].split(" | ") if cle)
    assert [p["libelle"] for p in presences if not p["structures"]] == ["Citoyenne"]
    assert len(nommees) == 49
    assert {cle for cle, fois in nommees.items() if fois > 1} == {"jardins-cocagne", "galatee", "adef", "adef-plus"}
    assert set(nommees) == {structure["id"] for structure in lignes("structures-2014.csv")}


@pytest.fixture
def liste(db):
    communes.charger(communes.lire_fichier(DATA / "communes-territoire.csv"))
    taxonomie.charger()


def test_la_liste_entre_par_l_import_de_l_equipe_et_deux_fois_ne_change_rien(liste, capsys):
    for attendu in (
        "49 créées, 0 mises à jour, 0 inchangées, 0 doublons possibles, 0 rejetées",
        "0 créées, 0 mises à jour, 49 inchangées, 0 doublons possibles, 0 rejetées",
    ):
        call_command("importer_structures", str(DATA / "structures-2014.csv"), "--source", "liste-2014")
        assert capsys.readouterr().out.splitlines()[-1] == attendu
    assert Structure.objects.count() == 49
    donjon = Structure.objects.get(source_cle="cc-donjon")
    assert (donjon.nom, donjon.commune.nom) == ("Communauté de communes du Donjon", "Le Donjon")
    assert [a.slug for a in donjon.activites.all()] == ["collectivites"]


def test_rien_que_des_faits(liste):
    """Every activity is known, and no person, phone, e-mail nor address is in the list."""
    call_command("importer_structures", str(DATA / "structures-2014.csv"), "--source", "liste-2014", verbosity=0)
    assert set(lignes("structures-2014.csv")[0]) == {
        "id", "nom", "sigle", "forme_juridique", "activites", "code_commune",
    }  # fmt: skip
    assert Contact.objects.count() == 0
    vides = {"telephone": "", "courriel": "", "adresse": "", "presentation": "", "missions": ""}
    assert Structure.objects.filter(**vides).count() == 49


def test_taxonomie_deux_niveaux_dix_en_avant_et_l_equipe_garde_la_sienne(liste):
    from annuaire.models import Activite

    assert Activite.objects.filter(parent=None).count() == 12
    assert Activite.objects.filter(en_avant=True).count() == 10
    assert not Activite.objects.filter(parent__parent__isnull=False).exists()
    Activite.objects.filter(slug="sport").update(nom="Sports", en_avant=False)
    assert taxonomie.charger() == 0
    assert Activite.objects.get(slug="sport").nom == "Sports"
