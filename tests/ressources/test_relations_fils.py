"""Two people at the same moment: real threads and connections."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from pole_ess.socle.models import Courriel
from ressources.actions import cloture, relations, relations_suivi
from ressources.models import Annonce, Message, MiseEnRelation
from tests.factories import RattachementFactory, StructureFactory
from tests.factories.ressources import AnnonceFactory, MiseEnRelationFactory
from tests.ressources.test_lots_fils import ensemble

pytestmark = pytest.mark.django_db(transaction=True)


def repondre(annonce, structure, cle):
    return lambda: relations.repondre(
        Annonce.objects.get(pk=annonce.pk), structure=structure, par=None, texte="Bonjour", cle=cle
    )


def test_two_members_of_one_structure_answer_at_once():
    annonce, structure = AnnonceFactory(), StructureFactory()
    erreurs = ensemble([repondre(annonce, structure, uuid.uuid4()) for _ in range(8)])
    assert [type(erreur) for _, erreur in erreurs] == [relations.DejaRepondu] * 7
    assert (MiseEnRelation.objects.count(), Message.objects.count()) == (1, 1)


def test_a_double_click_answers_once():
    annonce, structure, cle = AnnonceFactory(), StructureFactory(), uuid.uuid4()
    assert ensemble([repondre(annonce, structure, cle)] * 8) == []
    assert (MiseEnRelation.objects.count(), Message.objects.count()) == (1, 1)


def test_answers_conclusions_and_closing_at_once_do_not_deadlock():
    annonce = AnnonceFactory()
    enregistrees = MiseEnRelationFactory.create_batch(6, annonce=annonce, etat="interessee")
    attendent = MiseEnRelationFactory.create_batch(6, annonce=annonce)
    actes = [lambda r=r, n=n: cloture.conclure(r, par=None, cote="annonceur", pourvue=n % 2 == 0, heures=1)
             for n, r in enumerate(enregistrees)]  # fmt: skip
    actes += [lambda r=r: relations.ecrire(r, par=None, cote="structure", texte="Alors ?", cle=uuid.uuid4())
              for r in attendent]  # fmt: skip
    actes += [repondre(annonce, StructureFactory(), uuid.uuid4()) for _ in range(6)]
    erreurs = ensemble(actes)
    assert all(isinstance(erreur, relations.TransitionInterdite) for _, erreur in erreurs), erreurs
    assert not any(rang < 6 for rang, _ in erreurs)
    etats = list(MiseEnRelation.objects.values_list("etat", flat=True))
    assert etats.count("conclue") == 6
    assert set(etats) == {"conclue", "declinee"}  # pourvue: nobody is left waiting
    assert Annonce.objects.get().etat == "pourvue"


def test_two_workers_remind_once():
    annonce = AnnonceFactory()
    referent = RattachementFactory(structure=annonce.structure, role="referent").utilisateur
    MiseEnRelationFactory.create_batch(5, annonce=annonce)
    MiseEnRelation.objects.update(cree_le=timezone.now() - timedelta(days=4))
    assert ensemble([relations_suivi.relancer] * 2) == []
    assert Courriel.objects.filter(destinataire=referent.email).count() == 5
