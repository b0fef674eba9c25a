"""Real threads: two clicks that make a project, two workers that remind, one form sent many times at once."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from pole_ess.socle.models import Courriel
from reunions.actions import projets, rappels_suites
from reunions.actions import suites as actes
from reunions.models import Action, Nouvelle, Projet
from tests.factories import RattachementFactory, StructureFactory
from tests.factories.reunions import ActionFactory
from tests.reunions.test_invitations_fils import ensemble

pytestmark = [
    pytest.mark.lent,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("notifie_aussitot"),
]


def test_two_clicks_and_the_same_click_twice_make_one_project():
    action = ActionFactory(pilote=StructureFactory())
    cles = [uuid.uuid4(), uuid.uuid4()] * 3
    refus = ensemble([lambda c=c: projets.devenir_projet(action, par=None, genre="projet", cle=c) for c in cles])
    action.refresh_from_db()
    assert (refus, Projet.objects.get()) == ([], action.projet)


def test_four_workers_remind_once():
    pilote = RattachementFactory(role="referent").structure
    for rang in range(5):
        action = ActionFactory(pilote=pilote, echeance=timezone.localdate() - timedelta(days=rang + 1))
        Action.objects.filter(pk=action.pk).update(cree_le=timezone.now() - timedelta(days=60))
    ensemble([rappels_suites.rappeler] * 4)
    assert Courriel.objects.filter(gabarit="action_rappel").count() == 5


def test_one_form_sent_six_times_acts_once():
    pilote = RattachementFactory(role="referent").structure
    cle, autre = uuid.uuid4(), uuid.uuid4()
    valeurs = {"titre": "Faire la carte", "pilote": pilote}
    ensemble([lambda: actes.creer(valeurs=valeurs, par=None, cle=cle)] * 6)
    action = Action.objects.get()
    ensemble([lambda: actes.changer_etat(action, par=None, etat="faite", cle=autre)] * 6)
    structure = StructureFactory()
    action = ActionFactory(pilote=pilote)
    ensemble([lambda: actes.rejoindre(action, par=None, structure=structure)] * 6)
    assert (Nouvelle.objects.count(), action.structures.count()) == (1, 1)
    assert sorted(Courriel.objects.values_list("gabarit", flat=True)) == [
        "action_confiee",
        "action_rejointe",
        "suite_nouvelle",
    ]
