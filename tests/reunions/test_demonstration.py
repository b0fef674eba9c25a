"""The demonstration's meetings: the figures of 30 January 2014, to the note; and a life of today, loaded once."""

import io
import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from reunions.actions import covoiturage
from reunions.models import (
    Action,
    Atelier,
    Document,
    Enonce,
    Evenement,
    Participation,
    PostIt,
    Projet,
    Representation,
    Reunion,
    Sondage,
)
from reunions.resultats import calculer
from tests.bases import RESERVE

pytestmark = [pytest.mark.lent, pytest.mark.django_db]


@pytest.fixture
def chargee(settings):
    settings.DEMO = True
    RESERVE.demonstration()


@pytest.fixture
def atelier(chargee):
    return Atelier.objects.select_related("reunion").get(code="PVAJAN")


CATEGORIES = {
    "Mutualisation de compétences": [(4, 3), (1, 7), (1, 3), (1, 0), (4, 1)],
    "Mutualisation d'outils": [(1, 6), (7, 5)],
    "Développement des affaires entre acteurs": [(5, 0), (1, 1), (1, 0), (4, 5), (3, 1)],
    "Mise en réseaux": [(7, 3), (4, 2), (2, 1), (2, 4), (4, 0), (1, 0)],
    "Appui au développement des acteurs": [(4, 4), (1, 2), (0, 2), (1, 3)],
    "Promotion et développement de partenariats": [(0, 5), (7, 2), (0, 1), (2, 2)],
}
"""Annex 1, counted note by note: (pink, yellow) of each category."""


def test_the_notes_of_2014_give_its_counts_ranks_and_classes(atelier):
    axes = calculer(atelier).axes
    assert {a.nom: [(c.rose, c.jaune) for c in a.categories] for a in axes} == CATEGORIES
    assert [(a.rose, a.jaune, a.total) for a in axes] == [
        (11, 14, 25), (8, 11, 19), (14, 7, 21), (20, 10, 30), (6, 11, 17), (9, 10, 19),
    ]  # fmt: skip
    assert [a.rang for a in axes] == [2, 4, 3, 1, 5, 4]
    assert [str(a.pourcent) for a in axes] == ["44.0", "42.1", "66.7", "66.7", "35.3", "47.4"]
    faible = "faible différence"
    assert [a.verdict for a in axes] == [faible, faible, "court terme", "court terme", "long terme", faible]


def test_the_export_of_2014(atelier):
    sortie = io.StringIO()
    call_command("exporter_atelier", "pva jan", stdout=sortie)
    donnees = json.loads(sortie.getvalue())
    assert donnees["total"] == 131
    assert {cle: donnees["axes"][3][cle] for cle in donnees["axes"][3] if cle != "categories"} == {
        "nom": "Mise en réseaux", "rose": 20, "jaune": 10, "total": 30, "part_court_terme": 66.7, "rang": 1,
        "classe": "court terme",
    }  # fmt: skip


def test_notes_of_2014_come_from_paper_and_are_of_no_structure(atelier):
    notes = PostIt.objects.de_atelier(atelier)
    assert set(notes.values_list("origine", "structure", "participant")) == {("papier", None, None)}
    assert notes.count() == 131
    assert {timezone.localdate(note.cree_le).isoformat() for note in notes} == {"2014-01-30"}
    assert atelier.phase == "clos"


def test_the_meeting_of_2014_has_its_people_words_and_files(atelier):
    reunion = atelier.reunion
    assert timezone.localtime(reunion.debut).isoformat() == "2014-01-30T18:00:00+01:00"
    assert (reunion.lieu, reunion.commune.nom) == ("L'Atrium", "Vichy")
    presentes, excusees = reunion.participations.presentes(), reunion.participations.excusees()
    assert (presentes.count(), excusees.count()) == (28, 20)
    assert Representation.objects.filter(participation__reunion=reunion).count() == 53
    assert not reunion.participations.exclude(nom="", courriel="").exists()
    cocagne = reunion.participations.filter(structures__source_cle="jardins-cocagne")
    assert set(cocagne.values_list("presence", flat=True)) == {"present", "excuse"}
    adef = reunion.participations.get(libelle="ADEF, ADEF+ et ADHOMA")
    assert set(adef.structures.values_list("source_cle", flat=True)) == {"adef", "adef-plus", "adhoma"}
    assert not presentes.get(libelle="Citoyenne").structures.exists()
    assert reunion.animateurs.count() == 4
    assert not reunion.animateurs.exclude(nom="").exists()
    assert list(reunion.enonces.values_list("theme", flat=True)).count("difficulte") == 12
    assert set(reunion.enonces.values_list("issue", flat=True)) == {"valide"}
    priorites = [tour.priorites.count() for tour in reunion.tours.all()]
    assert priorites == [2, 2, 1, 2, 3, 2, 3, 2, 2, 2, 3, 1, 2, 2, 2, 3, 1, 1, 2, 1, 0, 1]
    document = Document.objects.get(reunion=reunion)
    assert document.fichier.size == document.taille


def test_the_next_meeting_of_2014_follows_it(atelier):
    suite = atelier.reunion.suivantes.get()
    assert timezone.localtime(suite.debut).isoformat() == "2014-03-26T18:00:00+01:00"
    assert (suite.commune.nom, suite.structure_hote.source_cle) == ("Broût-Vernet", "centre-social-brout-vernet")
    assert (suite.etat, suite.points.count()) == ("tenue", 4)
    assert not suite.participations.exists()


def test_today_has_a_meeting_announced_a_workshop_ready_events_and_actions_of_every_state(chargee):
    aujourdhui = timezone.localdate()
    prochaine = Reunion.objects.a_venir().first()
    assert timezone.localdate(prochaine.debut) == aujourdhui + timedelta(days=21)
    reponses = set(prochaine.participations.values_list("reponse", flat=True))
    assert reponses == {"attendue", "present", "excuse", "represente"}
    cherchent = prochaine.participations.filter(covoiturage="cherche")
    assert any(covoiturage.trajets(participation) for participation in cherchent), "nobody finds a seat to show"
    pret = Atelier.objects.get(code="KMRTBA")
    assert (pret.phase, pret.axes.count(), pret.reunion.etat) == ("preparation", 6, "annoncee")
    dans_deux_mois = timezone.now() + timedelta(days=62)
    agenda = Evenement.objects.publies().a_venir().filter(debut__lte=dans_deux_mois)
    assert agenda.count() == 13
    assert agenda.values("commune").distinct().count() >= 8
    assert set(Action.objects.values_list("etat", flat=True)) == {"a_faire", "en_cours", "faite", "abandonnee"}
    assert Action.objects.en_retard().count() == 2
    assert sorted(Projet.objects.values_list("genre", flat=True)) == ["commission", "projet"]
    assert Sondage.objects.ouverts().get().reponses.count() == 4


def test_nothing_of_today_is_attached_to_a_real_structure(chargee):
    for modele, champ in [(Evenement, "structure"), (Action, "pilote"), (Projet, "pilote")]:
        assert not modele.objects.filter(**{f"{champ}__est_demonstration": False}).exists()
    recentes = Representation.objects.filter(participation__reunion__est_demonstration=True)
    assert recentes.exists()
    assert not recentes.filter(structure__est_demonstration=False).exists()
    assert not Participation.objects.exclude(courriel="").exclude(courriel__endswith=".example.org").exists()


def test_loading_twice_adds_nothing(chargee):
    modeles = list(apps.get_app_config("reunions").get_models(include_auto_created=True))
    avant = {m: m._base_manager.count() for m in modeles}
    assert avant[PostIt] > 131
    assert avant[Enonce] > 22
    call_command("charger_demonstration", verbosity=0)
    assert {m: m._base_manager.count() for m in modeles} == avant
