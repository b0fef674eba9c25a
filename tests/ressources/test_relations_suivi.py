"""Reminders, closing by age, « what did it come to? », forgetting."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pole_ess.socle.models import Courriel
from ressources.actions import bilan, relations_suivi
from ressources.models import Message, MiseEnRelation
from ressources.tasks.relations import anonymiser_conversations, suivre_conversations
from tests.factories import RattachementFactory
from tests.factories.ressources import AnnonceFactory, MessageFactory, MiseEnRelationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def relation(structure, referent, etranger):
    return MiseEnRelationFactory(
        annonce=AnnonceFactory(structure=structure), structure=etranger.rattachements.get().structure, par=etranger
    )


def vieillir(relation, jours, champ="cree_le"):
    MiseEnRelation.objects.filter(pk=relation.pk).update(**{champ: timezone.now() - timedelta(days=jours)})


def destinataires():
    return sorted(Courriel.objects.values_list("destinataire", flat=True))


@pytest.mark.parametrize("etat", ["proposee", "vue"])
def test_reminded_at_3_and_10_days_never_twice(relation, referent, etat):
    MiseEnRelation.objects.update(etat=etat)
    comptes = []
    for jours in (2, 3, 3, 9, 10, 10, 29):
        vieillir(relation, jours)
        relations_suivi.relancer()
        comptes.append(Courriel.objects.count())
    assert comptes == [0, 1, 1, 1, 2, 2, 2]
    assert set(destinataires()) == {referent.email}


def test_after_an_outage_one_reminder_for_both(relation):
    vieillir(relation, 12)
    assert [relations_suivi.relancer(), relations_suivi.relancer()] == [1, 0]


@pytest.mark.parametrize("etat", ["interessee", "declinee", "conclue", "sans_suite"])
def test_no_reminder_once_answered_or_closed(etat, relation):
    MiseEnRelation.objects.update(etat=etat, close_le=timezone.now())
    vieillir(relation, 5)
    assert relations_suivi.relancer() == 0


def test_closed_after_30_days_and_both_told(relation, referent, etranger):
    vieillir(relation, 30)
    assert relations_suivi.relancer() == 0
    assert [relations_suivi.clore_sans_nouvelles(), relations_suivi.clore_sans_nouvelles()] == [1, 0]
    relation.refresh_from_db()
    assert relation.etat == "sans_suite"
    assert relation.close_le is not None
    assert destinataires() == sorted([referent.email, etranger.email])


def test_silent_discussion_closes_after_six_months_not_a_lively_one(relation):
    MiseEnRelation.objects.update(etat="interessee", repondue_le=timezone.now() - timedelta(days=190))
    vieillir(relation, 200)
    message = MessageFactory(mise_en_relation=relation)
    assert relations_suivi.clore_sans_nouvelles() == 0
    Message.objects.filter(pk=message.pk).update(cree_le=timezone.now() - timedelta(days=181))
    assert relations_suivi.clore_sans_nouvelles() == 1


def test_a_week_later_both_are_asked_once_by_a_link(relation, referent, etranger, notifie_aussitot):
    MiseEnRelation.objects.update(etat="interessee", repondue_le=timezone.now() - timedelta(days=6))
    assert relations_suivi.demander_les_suites() == 0
    vieillir(relation, 7, "repondue_le")
    suivre_conversations(timestamp=0)
    suivre_conversations(timestamp=0)
    assert destinataires() == sorted([referent.email, etranger.email])
    assert all("/lien/conversation/" in courriel.texte for courriel in Courriel.objects.all())


def test_forgotten_a_year_after_closing_figures_stay(relation, referent):
    MessageFactory(mise_en_relation=relation, auteur=relation.par, texte="Un secret")
    MiseEnRelation.objects.update(
        etat="conclue", motif="Un mot", coordonnees_annonceur=True, close_le=timezone.now() - timedelta(days=364)
    )
    bilan.declarer(
        annonce=relation.annonce, structure=relation.structure, mise_en_relation=relation, par=referent, heures=3
    )
    anonymiser_conversations(timestamp=0)
    assert Message.objects.get().texte == "Un secret"
    vieillir(relation, 366, "close_le")
    assert [relations_suivi.anonymiser(), relations_suivi.anonymiser()] == [1, 0]
    relation.refresh_from_db()
    message, ligne = Message.objects.get(), relation.bilans.get()
    assert (message.texte, message.auteur, relation.par, relation.motif) == ("", None, None, "")
    assert (relation.coordonnees_annonceur, relation.etat) == (False, "conclue")
    assert (ligne.heures, ligne.declare_par) == (3, None)


def test_open_conversations_are_not_forgotten(relation):
    vieillir(relation, 800)
    assert relations_suivi.anonymiser() == 0


def test_a_row_that_another_worker_has_already_reminded_is_left(relation):
    """Judged again under the lock: the list that the job read is out of date."""
    RattachementFactory(structure=relation.annonceur, role="referent")
    vieillir(relation, 4)
    MiseEnRelation.objects.update(relances=1)
    assert relations_suivi.relancer() == 0
