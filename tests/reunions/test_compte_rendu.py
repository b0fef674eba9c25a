"""What minutes gather, what each audience reads of it, and that a published version never changes."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reunions.actions import comptes_rendus as actes
from reunions.compte_rendu import markdown, pour, rassembler
from reunions.models import Action, Participation, PostIt
from reunions.resultats import calculer
from tests.factories.reunions import AtelierFactory, ParticipationFactory, ReunionFactory
from tests.reunions.minutes import minutes_publiees, reunion_racontee, reunion_tenue

pytestmark = pytest.mark.django_db


def test_everything_of_the_meeting_is_gathered():
    reunion = reunion_racontee()
    vue = pour(rassembler(reunion), noms=False)
    assert vue["objectif"] == "Valider le diagnostic."
    assert vue["presents"] == [
        {"au_nom_de": "Structure present 0"},
        {"au_nom_de": "Structure present 1"},
        {"au_nom_de": "2 personnes venues en leur nom"},
    ]
    assert vue["excuses"] == [{"au_nom_de": "Structure excuse 0"}, {"au_nom_de": "Structure excuse 1"}]
    assert (vue["nb_presentes"], vue["nb_excusees"]) == (4, 2)
    assert [e["texte"] for e in vue["diagnostic"][0]["enonces"]] == ["Énoncé 0", "Énoncé 1"]
    assert [d["titre"] for d in vue["documents"]] == ["public-0.txt", "public-1.txt"]
    assert [a["titre"] for a in vue["actions"]] == ["Action décidée 0", "Action décidée 1"]
    assert vue["prochaine"]["titre"] == "Réunion suivante"
    assert vue["prochaine"]["points"] == ["Point à venir 0", "Point à venir 1"]
    assert vue["tours"][0] == {"qui": "Une personne venue en son nom", "priorites": ["Se connaître 0"]}
    assert vue["tours"][-1]["qui"] == "Une personne présente"


def test_figures_are_those_of_the_results():
    reunion = reunion_racontee()
    fige, calcule = rassembler(reunion)["public"]["resultats"], calculer(reunion.atelier)
    assert [(a["nom"], a["rose"], a["jaune"], a["total"], a["rang"], a["classe"]) for a in fige["axes"]] == [
        (a.nom, a.rose, a.jaune, a.total, a.rang, a.verdict.label) for a in calcule.axes
    ]
    assert (fige["total"], fige["rose"], fige["jaune"]) == (8, 6, 2)
    notes = [n for a in fige["axes"] for c in a["categories"] for n in c["roses"] + c["jaunes"]]
    assert sorted(notes) == sorted(PostIt.objects.values_list("texte", flat=True))


def test_the_public_part_holds_no_name_at_all():
    instantane = rassembler(reunion_racontee())
    public = json.dumps(instantane["public"], ensure_ascii=False)
    assert "Secr" not in public
    assert "secr" not in public
    assert "example.org" not in json.dumps(instantane)  # no address, for anybody
    membres = json.dumps(pour(instantane, noms=True), ensure_ascii=False)
    for nom in ["Nom Secret0", "Fonction secrète 1", "Anime Secrète0", "Seule Secrète1", "Venue Secrète0"]:
        assert nom in membres
    assert "membres-0.txt" in membres
    assert "equipe-0.txt" not in membres


def test_a_structure_s_label_in_the_round_table_is_public():
    reunion = reunion_racontee()
    tour = reunion.tours.last()
    tour.libelle = "structure PRÉSENT 0"
    tour.save()
    assert pour(rassembler(reunion), noms=False)["tours"][-1]["qui"] == "Une personne présente"
    tour.libelle = "Structure present 0"
    tour.save()
    assert pour(rassembler(reunion), noms=False)["tours"][-1]["qui"] == "Structure present 0"


def test_results_wait_for_the_restitution():
    reunion = reunion_tenue()
    AtelierFactory(reunion=reunion, axes=1, phase="regroupement")
    assert rassembler(reunion)["public"]["resultats"] is None


@pytest.mark.parametrize(
    ("audience", "suite", "dite"),
    [("publique", "publique", True), ("publique", "membres", False), ("membres", "publique", True)],
)
def test_a_next_meeting_is_told_to_those_who_may_see_it(audience, suite, dite):
    reunion = reunion_tenue(audience=audience)
    ReunionFactory(precedente=reunion, audience=suite)
    assert bool(rassembler(reunion)["public"]["prochaine"]) is dite


def test_a_private_or_dropped_action_is_left_out():
    reunion = reunion_racontee()
    Action.objects.filter(titre="Action décidée 0").update(publique=False)
    Action.objects.filter(titre="Action décidée 1").update(etat="abandonnee", close_le="2026-01-01T00:00Z")
    assert rassembler(reunion)["public"]["actions"] == []


def test_the_number_of_queries_does_not_grow():
    comptes = []
    for combien in (1, 9):
        reunion = reunion_racontee(combien=combien)
        actes.rediger(reunion, par=None)
        with CaptureQueriesContext(connection) as requetes:
            rassembler(reunion)
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1] <= 24


def test_a_published_version_never_changes(client):
    minutes = minutes_publiees()
    adresse = minutes.get_absolute_url()
    avant = client.get(adresse).content.decode()
    PostIt.objects.all().delete()
    Participation.objects.all().delete()
    minutes.reunion.objectif = "Autre chose"
    minutes.reunion.save()
    section = minutes.sections.first()
    section.texte = "Changé"
    section.save()
    apres = client.get(adresse).content.decode()
    assert "Valider le diagnostic." in apres
    assert sans_jetons(avant) == sans_jetons(apres)


def sans_jetons(page):
    return page.partition("<main")[2]


def test_an_empty_meeting_makes_minutes_too(client):
    minutes = minutes_publiees(reunion=reunion_tenue(), texte="")
    assert "0\u00a0personne présente" in client.get(minutes.get_absolute_url()).content.decode()


# -- Markdown


@pytest.mark.parametrize(
    ("ecrit", "lu"),
    [
        ("**a** *b*", "<p><strong>a</strong> <em>b</em></p>"),
        ("# A\n\n### B\n\n# C", "<h3>A</h3>\n<h4>B</h4>\n<h3>C</h3>"),
        ("#### B\n\n## A", "<h3>B</h3>\n<h3>A</h3>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("![x](http://example.org/a.png)", "x</a></p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
    ],
)
def test_markdown_is_clean_and_its_headings_never_skip_a_level(ecrit, lu):
    rendu = str(markdown.html(ecrit))
    assert rendu.strip().endswith(lu)
    assert "<img" not in rendu


def test_blocks_hold_the_same_words():
    blocs = markdown.blocs("## Titre\n\nUn **mot** [lien](https://example.org)\n\n1. un\n2. deux\n   - trois")
    assert [b["genre"] for b in blocs] == ["h", "p", "ol"]
    assert markdown.mots(blocs[1]["texte"]) == "Un mot lien (https://example.org)"
    assert blocs[2]["lignes"][1][1]["genre"] == "ul"


def test_very_nested_markdown_is_read():
    assert markdown.blocs("> " * 400 + "a") is not None
    assert markdown.html("- " * 400 + "a") is not None


def test_erasing_a_person_reaches_published_versions(administrateur):
    from annuaire.actions.effacement import effacer_personne

    reunion = reunion_tenue()
    venue = ParticipationFactory(reunion=reunion, presence="present", nom="Camille Effaçable")
    minutes = minutes_publiees(reunion=reunion)
    assert "Camille Effaçable" in json.dumps(minutes.versions.get().instantane, ensure_ascii=False)
    effacer_personne(structure=None, nom=venue.nom, courriel=venue.courriel, par=administrateur)
    assert "Effaçable" not in json.dumps(minutes.versions.get().instantane, ensure_ascii=False)
