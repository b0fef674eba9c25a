"""The life of minutes: states, conflicts, retried requests, several people at once."""

from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from reunions.actions import TransitionInterdite
from reunions.actions import comptes_rendus as actes
from reunions.models import CompteRendu, SectionCompteRendu
from tests.factories import UtilisateurFactory
from tests.factories.reunions import ReunionFactory
from tests.reunions.minutes import minutes_publiees, reunion_racontee, reunion_tenue

pytestmark = pytest.mark.django_db


@pytest.fixture
def minutes():
    return actes.rediger(reunion_tenue(), par=None)


def en_etat(minutes):
    minutes.refresh_from_db()
    return minutes.etat


def test_one_click_gives_sections_to_write_once(minutes):
    assert actes.rediger(minutes.reunion, par=None) == minutes
    assert [s.titre for s in minutes.sections.all()] == list(actes.SECTIONS)


@pytest.mark.parametrize("valeurs", [{}, {"etat": "brouillon"}, {"etat": "annulee"}])
def test_not_before_the_day(valeurs):
    with pytest.raises(TransitionInterdite):
        actes.rediger(ReunionFactory(**valeurs), par=None)


def test_writing_after_reading_again_asks_for_another_reading(minutes):
    section = minutes.sections.first()
    actes.marquer_relu(minutes, par=UtilisateurFactory())
    actes.enregistrer_section(section, par=None, titre=section.titre, texte=section.texte, version=1)
    assert en_etat(minutes) == "relu"  # nothing changed
    actes.enregistrer_section(section, par=None, titre=section.titre, texte="Bonsoir", version=1)
    assert en_etat(minutes) == "brouillon"
    assert (minutes.relu_par, minutes.relu_le) == (None, None)


def test_a_conflict_writes_nothing_and_gives_the_other_s_words(minutes):
    section = minutes.sections.first()
    actes.enregistrer_section(section, par=None, titre="Introduction", texte="Le premier", version=1)
    with pytest.raises(actes.TexteChange) as conflit:
        actes.enregistrer_section(section, par=None, titre="Introduction", texte="Le second", version=1)
    assert (conflit.value.section.texte, conflit.value.section.version) == ("Le premier", 2)
    with pytest.raises(actes.TexteChange):
        actes.retirer_section(section, par=None, version=1)
    section.refresh_from_db()
    assert section.texte == "Le premier"
    ecrite = actes.enregistrer_section(section, par=None, titre="Introduction", texte="Le premier", version=1)
    assert ecrite.version == 2  # the same request, sent again


def test_sections_are_added_once_moved_and_removed(minutes):
    ajoutee = actes.ajouter_section(minutes, par=None, titre="Divers")
    assert actes.ajouter_section(minutes, par=None, titre="Divers") == ajoutee
    actes.deplacer_section(ajoutee, par=None, sens="monter", rang=4)
    assert [s.titre for s in minutes.sections.all()][3] == "Divers"
    actes.retirer_section(ajoutee, par=None, version=1)
    actes.retirer_section(ajoutee, par=None, version=1)
    assert minutes.sections.count() == 4
    with pytest.raises(TransitionInterdite):
        actes.enregistrer_section(ajoutee, par=None, titre="Divers", texte="Perdu", version=1)


def test_published_after_reading_again_only_and_once(minutes):
    with pytest.raises(TransitionInterdite):
        actes.publier(minutes, par=None, numero=1)
    actes.marquer_relu(minutes, par=None)
    with pytest.raises(TransitionInterdite):
        actes.publier(minutes, par=None, numero=2)
    premiere = actes.publier(minutes, par=None, numero=1)
    assert actes.publier(minutes, par=None, numero=1) == premiere
    assert en_etat(minutes) == "publie"
    assert minutes.versions.count() == 1


def test_not_published_before_the_meeting_is_held(minutes):
    minutes.reunion.etat = "annoncee"
    minutes.reunion.save()
    actes.marquer_relu(minutes, par=None)
    with pytest.raises(TransitionInterdite):
        actes.publier(minutes, par=None, numero=1)


def test_published_words_wait_for_a_new_version():
    minutes = minutes_publiees()
    section = minutes.sections.first()
    for acte in [
        lambda: actes.enregistrer_section(section, par=None, titre="T", texte="Changé", version=2),
        lambda: actes.ajouter_section(minutes, par=None, titre="Divers"),
        lambda: actes.retirer_section(section, par=None, version=2),
        lambda: actes.deplacer_section(section, par=None, sens="descendre", rang=0),
        lambda: actes.marquer_relu(minutes, par=None),
    ]:
        with pytest.raises(TransitionInterdite):
            acte()
    actes.rouvrir(minutes, par=None)
    actes.rouvrir(minutes, par=None)
    assert en_etat(minutes) == "brouillon"
    actes.enregistrer_section(section, par=None, titre="T", texte="Changé", version=2)
    actes.marquer_relu(minutes, par=None)
    actes.publier(minutes, par=None, numero=2, note="Un mot corrigé")
    premiere, seconde = minutes.versions.order_by("numero")
    assert premiere.instantane["public"]["sections"][0]["texte"] == "**Bonsoir** à tous."
    assert seconde.instantane["public"]["sections"][0]["texte"] == "Changé"


def test_approved_at_a_later_meeting_that_has_begun():
    minutes = minutes_publiees()
    for autre in [reunion_tenue(jours=90), ReunionFactory(), minutes.reunion]:
        with pytest.raises(TransitionInterdite):
            actes.approuver(minutes, par=None, a=autre)
    suite = reunion_tenue(jours=3)
    actes.approuver(minutes, par=None, a=suite, corrections="Une présence oubliée.")
    actes.approuver(minutes, par=None, a=suite, corrections="Autre chose")
    assert en_etat(minutes) == "approuve"
    assert (minutes.corrections, minutes.approuve_a) == ("Une présence oubliée.", suite)
    with pytest.raises(TransitionInterdite):
        actes.approuver(minutes, par=None, a=reunion_tenue(jours=1))
    with pytest.raises(TransitionInterdite):
        actes.rouvrir(minutes, par=None)


# -- threads


def ensemble(*fonctions):
    """At the same moment, each on its own connection: what they gave or raised."""
    depart, donnes = Barrier(len(fonctions)), []

    def lancer(fonction):
        try:
            connection.ensure_connection()
            depart.wait(60)
            donnes.append(fonction())
        except Exception as erreur:
            donnes.append(erreur)
        finally:
            connections.close_all()

    fils = [Thread(target=lancer, args=[fonction]) for fonction in fonctions]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(60)
    return donnes


@pytest.mark.django_db(transaction=True)
def test_two_people_publishing_at_once_make_one_version():
    minutes = actes.rediger(reunion_racontee(), par=None)
    actes.marquer_relu(minutes, par=None)
    donnes = ensemble(*[lambda: actes.publier(minutes, par=None, numero=1)] * 4)
    assert {version.pk for version in donnes} == {minutes.versions.get().pk}


@pytest.mark.django_db(transaction=True)
def test_two_people_drafting_at_once_make_one():
    reunion = reunion_tenue()
    ensemble(*[lambda: actes.rediger(reunion, par=None)] * 4)
    assert (CompteRendu.objects.count(), SectionCompteRendu.objects.count()) == (1, 4)


@pytest.mark.django_db(transaction=True)
def test_two_people_writing_one_section_at_once_lose_no_word():
    section = actes.rediger(reunion_tenue(), par=None).sections.first()
    donnes = ensemble(
        *[
            lambda mots=mots: actes.enregistrer_section(section, par=None, titre="T", texte=mots, version=1)
            for mots in ["un", "deux", "trois"]
        ]
    )
    assert sum(isinstance(donne, actes.TexteChange) for donne in donnes) == 2
    section.refresh_from_db()
    assert (section.version, section.texte in {"un", "deux", "trois"}) == (2, True)
