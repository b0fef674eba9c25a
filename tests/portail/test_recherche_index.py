"""The entries of the search follow whatever they are made of, in the same transaction: one test per path."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from annuaire.models import Commune, Structure
from newsletter.models import Bloc, Breve, Numero
from pole_ess.portail.models import EntreeRecherche, MotPortail
from reunions.actions import comptes_rendus as actes
from reunions.models import Action, CompteRendu, Evenement, Nouvelle, PointOrdreDuJour, Projet, Reunion
from tests.factories import CommuneFactory, StructureFactory
from tests.factories.newsletter import BreveFactory, NumeroFactory
from tests.factories.reunions import ActionFactory, EvenementFactory, ProjetFactory, ReunionFactory
from tests.reunions.minutes import minutes_publiees, reunion_tenue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_jour():
    """Whatever the test did, nothing is left out of step."""
    yield
    call_command("reindexer", verifier=True, verbosity=0)


def entree(objet, genre=None) -> list:
    """Title, lines, in the public eye."""
    genres = {Reunion: "rencontre", Evenement: "evenement", CompteRendu: "compte_rendu", Numero: "lettre",
              Breve: "breve", Action: "action", Projet: "projet"}  # fmt: skip
    une = EntreeRecherche.objects.get(genre=genres[type(objet)], objet=objet.pk)
    return [une.titre, *une.texte.split("\n"), une.publique]


def mots() -> set[str]:
    return set(MotPortail.objects.values_list("mot", flat=True))


VIDE = ["", "", False]


def test_a_meeting_from_its_draft_to_its_deletion():
    commune = CommuneFactory(nom="Gannat", codes_postaux=["03800"])
    hote = StructureFactory(nom="Hôtesse", sigle="HTS")
    reunion = ReunionFactory(
        titre="Titre", objectif="But", lieu="Salle", commune=commune, structure_hote=hote, etat="brouillon"
    )
    assert entree(reunion) == VIDE
    Reunion.objects.filter(pk=reunion.pk).update(etat="annoncee")
    fin = ["Salle", "Gannat 03800", "Hôtesse HTS", True]
    assert entree(reunion) == ["Titre", "But", *fin]
    point = PointOrdreDuJour.objects.create(reunion=reunion, titre="Point", details="Détail")
    assert entree(reunion) == ["Titre", "But", "Point", "Détail", *fin]
    PointOrdreDuJour.objects.filter(pk=point.pk).update(titre="Autre")
    assert entree(reunion)[2] == "Autre"
    suivante = ReunionFactory(titre="Suivante")
    PointOrdreDuJour.objects.filter(pk=point.pk).update(reunion=suivante)
    assert (entree(reunion)[2], entree(suivante)[1]) == ("Salle", "Autre")
    point.delete()
    assert entree(suivante)[1] == "Salle d'exemple"
    Reunion.objects.filter(pk=reunion.pk).update(titre="Neuf", objectif="", audience="membres")
    assert entree(reunion) == ["Neuf", "Salle", "Gannat 03800", "Hôtesse HTS", False]
    pk = reunion.pk
    reunion.delete()
    assert not EntreeRecherche.objects.filter(genre="rencontre", objet=pk).exists()


def test_a_cancelled_meeting_stays_when_it_was_announced():
    assert entree(ReunionFactory(titre="Jamais dite", etat="annulee", annoncee_le=None)) == VIDE
    assert entree(ReunionFactory(titre="Dite", etat="annulee"))[0] == "Dite"


def test_renames_of_what_is_named_reach_each_kind():
    structure = StructureFactory(nom="Avant", sigle="")
    projet = ProjetFactory(nom="Projet avant", pilote=structure)
    objets = [
        EvenementFactory(structure=structure),
        BreveFactory(structure=structure),
        ReunionFactory(structure_hote=structure),
        ActionFactory(pilote=structure, projet=projet),
        projet,
    ]
    assert all("Avant" in entree(objet) for objet in objets)
    Structure.objects.filter(pk=structure.pk).update(nom="Après", sigle="APR")
    Projet.objects.filter(pk=projet.pk).update(nom="Projet après")
    assert all("Après APR" in entree(objet) for objet in objets)
    assert "Projet après" in entree(objets[3])
    Commune.objects.filter(pk=objets[0].commune_id).update(nom="Ailleurs", codes_postaux=["99999"])
    assert "Ailleurs 99999" in entree(objets[0])


def test_bulk_updates_are_followed():
    evenements = [EvenementFactory(titre=f"Avant {rang}") for rang in range(3)]
    for evenement in evenements:
        evenement.titre = evenement.titre.replace("Avant", "Après")
    Evenement.objects.bulk_update(evenements, ["titre"])
    assert [entree(evenement)[0] for evenement in evenements] == ["Après 0", "Après 1", "Après 2"]
    crees = Action.objects.bulk_create([Action(titre=f"Lot {rang}") for rang in range(2)])
    assert [entree(action)[0] for action in crees] == ["Lot 0", "Lot 1"]


def test_an_event_or_news_leave_with_their_structure():
    structure = StructureFactory(nom="Ouverte")
    evenement, breve = EvenementFactory(structure=structure, titre="Bal"), BreveFactory(structure=structure)
    assert (entree(evenement)[-1], entree(breve)[-1]) == (True, True)
    Structure.objects.filter(pk=structure.pk).update(etat="archivee")
    assert (entree(evenement)[-1], entree(breve)[-1]) == (False, False)
    Evenement.objects.filter(pk=evenement.pk).update(etat="archive")
    Breve.objects.filter(pk=breve.pk).update(etat="retiree", close_le="2026-01-01T00:00Z")
    assert (entree(evenement), entree(breve)) == (VIDE, VIDE)


def test_minutes_show_their_last_published_version_and_nobody():
    reunion = reunion_tenue(titre="Le bilan")
    minutes = minutes_publiees(reunion=reunion, texte="Parlons de **tramway**.")
    assert (entree(minutes)[0], entree(minutes)[-1]) == ("Le bilan", True)
    assert "Parlons de **tramway**." in entree(minutes)
    section = minutes.sections.first()
    actes.rouvrir(minutes, par=None)
    actes.enregistrer_section(section, par=None, titre=section.titre, texte="Du téléphérique.", version=section.version)
    assert "Du téléphérique." not in entree(minutes)
    minutes.refresh_from_db()
    actes.marquer_relu(minutes, par=None)
    actes.publier(minutes, par=None, numero=2)
    assert "Du téléphérique." in entree(minutes)
    assert "Parlons de **tramway**." not in entree(minutes)
    Reunion.objects.filter(pk=reunion.pk).update(audience="membres")
    assert entree(minutes)[-1] is False
    pk = minutes.pk
    reunion.delete()
    assert not EntreeRecherche.objects.filter(genre="compte_rendu", objet=pk).exists()


def test_a_letter_is_read_from_the_day_it_leaves():
    lettre = NumeroFactory(sujet="Sujet", preheader="Aperçu")
    texte = Bloc.objects.create(numero=lettre, genre="texte", ordre=0, titre="Édito", texte="Bonjour.")
    Bloc.objects.create(numero=lettre, genre="breves", ordre=1, titre="Brèves", texte="Une introduction.")
    assert entree(lettre) == VIDE
    partie = NumeroFactory(sujet="Partie", etat="termine")
    Bloc.objects.filter(pk=texte.pk).update(numero=partie)
    assert entree(partie) == ["Partie", "Ce mois-ci", "Édito", "Bonjour.", True]
    Bloc.objects.filter(pk=texte.pk).update(texte="Bonsoir.")
    assert entree(partie)[3] == "Bonsoir."
    texte.delete()
    assert entree(partie) == ["Partie", "Ce mois-ci", True]


def test_news_of_actions_and_projects_come_and_go():
    action, projet = ActionFactory(titre="Agir", publique=False), ProjetFactory(nom="Projeter")
    nouvelle = Nouvelle.objects.create(action=action, texte="Du neuf.", cle="00000000-0000-4000-8000-000000000001")
    assert entree(action) == ["Agir", "Du neuf.", False]
    Nouvelle.objects.filter(pk=nouvelle.pk).update(action=None, projet=projet)
    assert (entree(action), entree(projet)) == (["Agir", "", False], ["Projeter", "Du neuf.", True])
    nouvelle.delete()
    assert entree(projet) == ["Projeter", "", True]


def test_words_are_those_of_the_public_entries_only():
    action = ActionFactory(titre="Girafe et compagnie", publique=False)
    assert mots() == set()
    Action.objects.filter(pk=action.pk).update(publique=True)
    assert mots() == {"girafe", "compagnie"}
    autre = ProjetFactory(nom="Girafe")
    action.delete()
    assert mots() == {"girafe"}
    Projet.objects.filter(pk=autre.pk).update(nom="Zèbre")
    assert mots() == {"zebre"}


def test_what_is_not_read_does_not_touch_the_entry():
    action, lettre = ActionFactory(titre="Agir"), NumeroFactory(etat="en_cours")
    _fausser()
    Action.objects.filter(pk=action.pk).update(rappelee_le="2026-01-01")
    Numero.objects.filter(pk=lettre.pk).update(progres_le="2026-01-01T00:00Z")
    assert entree(action)[0] == entree(lettre)[0] == "faux"
    with pytest.raises(CommandError, match="2 entrées du portail, "):
        call_command("reindexer", verifier=True)
    call_command("reindexer", verbosity=0)
    assert entree(action)[0] == "Agir"


def test_reindexing_adds_what_is_missing_and_removes_what_is_of_nothing():
    action = ActionFactory(titre="Agir")
    EntreeRecherche.objects.filter(genre="action", objet=action.pk).update(objet=10**9)
    with pytest.raises(CommandError, match="2 entrées du portail"):
        call_command("reindexer", verifier=True)
    call_command("reindexer", verbosity=0)
    assert entree(action) == ["Agir", "", True]


def _fausser():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE portail_entreerecherche SET titre = 'faux'")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
