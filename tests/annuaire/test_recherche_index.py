"""The search columns follow whatever they are made of, in the same transaction: one test per path."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from annuaire.models import Activite, Commune, Competence, Label, LabelStructure, Mot, Structure
from tests.factories import ActiviteFactory, CommuneFactory, StructureFactory

pytestmark = pytest.mark.django_db


def texte(structure) -> list[str]:
    return re.split(r"\s+", Structure.objects.values_list("recherche", flat=True).get(pk=structure.pk))


def mots() -> set[str]:
    return set(Mot.objects.values_list("mot", flat=True))


@pytest.fixture(autouse=True)
def _a_jour():
    """Whatever the test did, nothing is left out of step."""
    yield
    call_command("reindexer", verifier=True, verbosity=0)


@pytest.fixture
def nue():
    return StructureFactory(nom="Galipette", commune=CommuneFactory(nom="Vichy", codes_postaux=["03200"]))


def test_insert_writes_own_fields_and_commune():
    structure = StructureFactory(
        nom="Alpha", sigle="ALP", forme_juridique="cooperative", presentation="Présente", missions="Missionne",
        public_accueilli="Jeunes", adresse="1 rue Neuve", siret="73282932000074", rna="W032000001",
        commune=CommuneFactory(nom="Gannat", codes_postaux=["03800", "03801"]),
    )  # fmt: skip
    attendu = "Alpha ALP Coopérative Présente Missionne Jeunes 1 rue Neuve Gannat 03800 03801 73282932000074 W032000001"
    assert texte(structure) == attendu.split()


def test_forms_in_sql_are_those_of_the_model():
    with connection.cursor() as cursor:
        for valeur, nom in Structure.FormeJuridique.choices:
            cursor.execute("SELECT public.annuaire_forme_nom(%s)", [valeur])
            assert cursor.fetchone()[0] == nom


def test_save_update_bulk_update_and_bulk_create(nue):
    nue.presentation = "Trampoline"
    nue.save()
    assert texte(nue) == ["Galipette", "Trampoline", "Vichy", "03200"]
    Structure.objects.filter(pk=nue.pk).update(missions="Cabriole")
    assert "Cabriole" in texte(nue)
    nue.sigle = "GLP"
    Structure.objects.bulk_update([nue], ["sigle"])
    assert "GLP" in texte(nue)
    lot = Structure.objects.bulk_create([Structure(nom=f"Lot {n}", slug=f"lot-{n}") for n in range(3)])
    assert [texte(une) for une in lot] == [["Lot", str(n)] for n in range(3)]


def test_a_stale_instance_does_not_bring_old_words_back(nue):
    vieille = Structure.objects.get(pk=nue.pk)
    nue.competences.add(Competence.objects.create(nom="Comptabilité", slug="comptabilite"))
    vieille.presentation = "Autre"
    vieille.save()
    assert texte(nue) == ["Galipette", "Comptabilité", "Autre", "Vichy", "03200"]


def test_direct_write_of_the_column_is_overruled(nue):
    Structure.objects.filter(pk=nue.pk).update(recherche="n'importe quoi", activites_index=[1, 2])
    assert texte(nue) == ["Galipette", "Vichy", "03200"]


def test_activity_added_removed_with_its_parent(nue):
    culture = ActiviteFactory(nom="Culture")
    theatre = ActiviteFactory(nom="Théâtre", parent=culture)
    nue.activites.add(theatre)
    assert texte(nue) == ["Galipette", "Culture", "Théâtre", "Vichy", "03200"]
    nue.refresh_from_db()
    assert nue.activites_index == sorted([culture.pk, theatre.pk])
    nue.activites.set([culture])
    assert texte(nue) == ["Galipette", "Culture", "Vichy", "03200"]
    nue.activites.clear()
    assert texte(nue) == ["Galipette", "Vichy", "03200"]


def test_activity_renamed_moved_and_its_parent_renamed(nue):
    culture, sport = ActiviteFactory(nom="Culture"), ActiviteFactory(nom="Sport")
    danse = ActiviteFactory(nom="Danse", parent=culture)
    nue.activites.add(danse)
    Activite.objects.filter(pk=danse.pk).update(nom="Ballet")
    assert texte(nue)[1:3] == ["Ballet", "Culture"]
    culture.nom = "Arts"
    culture.save()
    assert texte(nue)[1:3] == ["Arts", "Ballet"]
    danse.refresh_from_db()
    danse.parent = sport
    danse.save()
    assert texte(nue)[1:3] == ["Ballet", "Sport"]
    nue.refresh_from_db()
    assert nue.activites_index == sorted([danse.pk, sport.pk])


def test_activity_deleted(nue):
    nue.activites.add(ActiviteFactory(nom="Culture"))
    Activite.objects.all().delete()
    assert texte(nue) == ["Galipette", "Vichy", "03200"]


def test_skill_added_renamed_bulk_renamed_removed(nue):
    skill = Competence.objects.create(nom="Braille", slug="braille")
    nue.competences.add(skill)
    assert texte(nue)[1] == "Braille"
    skill.nom = "Lecture"
    skill.save()
    assert texte(nue)[1] == "Lecture"
    skill.nom = "Écriture"
    Competence.objects.bulk_update([skill], ["nom"])
    assert texte(nue)[1] == "Écriture"
    nue.competences.remove(skill)
    assert texte(nue) == ["Galipette", "Vichy", "03200"]


def test_label_held_renamed_changed_given_up(nue):
    esus, siae = (Label.objects.create(nom=nom, slug=nom.lower()) for nom in ("ESUS", "SIAE"))
    detenu = LabelStructure.objects.create(structure=nue, label=esus)
    assert texte(nue)[1] == "ESUS"
    Label.objects.filter(pk=esus.pk).update(nom="Agrément")
    assert texte(nue)[1] == "Agrément"
    LabelStructure.objects.filter(pk=detenu.pk).update(label=siae)
    assert texte(nue)[1] == "SIAE"
    detenu.delete()
    assert texte(nue) == ["Galipette", "Vichy", "03200"]


def test_label_moved_to_another_structure(nue):
    autre = StructureFactory(nom="Autre", commune=None)
    detenu = LabelStructure.objects.create(structure=nue, label=Label.objects.create(nom="ESUS", slug="esus"))
    LabelStructure.objects.filter(pk=detenu.pk).update(structure=autre)
    assert (texte(nue), texte(autre)) == (["Galipette", "Vichy", "03200"], ["Autre", "ESUS"])


def test_commune_changed_renamed_and_its_postcodes(nue):
    nue.commune = CommuneFactory(nom="Cusset", codes_postaux=["03300"])
    nue.save()
    assert texte(nue) == ["Galipette", "Cusset", "03300"]
    Commune.objects.filter(pk=nue.commune_id).update(nom="Cusset-Neuf", codes_postaux=["03301"])
    assert texte(nue) == ["Galipette", "Cusset-Neuf", "03301"]


def test_words_are_those_of_published_structures_only(nue):
    assert mots() == {"galipette", "vichy"}
    secrete = StructureFactory(nom="Clandestine", etat="a_valider", commune=None)
    assert mots() == {"galipette", "vichy"}
    Structure.objects.filter(pk=nue.pk).update(etat="archivee")
    assert mots() == set()
    secrete.delete()
    nue.delete()
    assert mots() == set()


def test_word_stays_while_another_structure_holds_it(nue):
    autre = StructureFactory(nom="Galipette et compagnie", commune=None)
    nue.delete()
    assert mots() == {"galipette", "compagnie"}
    autre.nom = "Compagnie"
    autre.save()
    assert mots() == {"compagnie"}


def test_an_unrelated_update_leaves_the_index_alone(nue):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE annuaire_structure SET recherche = 'témoin' WHERE id = %s", [nue.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    Structure.objects.filter(pk=nue.pk).update(relancee_le="2026-01-01")
    assert texte(nue) == ["témoin"]
    with pytest.raises(CommandError, match="être : 1 structures, 3 mots, 0 "):
        call_command("reindexer", verifier=True)
    call_command("reindexer", verbosity=0)
    assert texte(nue) == ["Galipette", "Vichy", "03200"]
