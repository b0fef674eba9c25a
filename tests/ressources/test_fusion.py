"""Merging two sheets that both posted, answered, took and toured."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from annuaire.actions.fusion import fusionner
from ressources.models import Bilan, Etape, JourSouhaite, MiseEnRelation, PartDeLot, ReglagesStructure, Tournee
from tests.factories import StructureFactory
from tests.factories.ressources import AnnonceFactory, MessageFactory, MiseEnRelationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def deux():
    return StructureFactory(nom="La Ressourcerie"), StructureFactory(nom="Ressourcerie")


def test_announcements_and_their_conversations_follow(deux, animateur):
    garder, absorber = deux
    relation = MiseEnRelationFactory(annonce=AnnonceFactory(structure=absorber))
    fusionner(garder, absorber, par=animateur)
    relation.refresh_from_db()
    assert (relation.annonceur, relation.annonce.structure) == (garder, garder)
    assert "La Ressourcerie" in relation.annonce.recherche


def test_conversation_of_the_two_sheets_with_each_other_goes(deux, animateur):
    garder, absorber = deux
    MiseEnRelationFactory(annonce=AnnonceFactory(structure=absorber), structure=garder)
    MiseEnRelationFactory(annonce=AnnonceFactory(structure=garder), structure=absorber)
    fusionner(garder, absorber, par=animateur)
    assert not MiseEnRelation.objects.exists()


def test_two_answers_to_one_announcement_become_one_conversation(deux, animateur):
    garder, absorber = deux
    annonce = AnnonceFactory()
    for structure in deux:
        relation = MiseEnRelationFactory(annonce=annonce, structure=structure)
        MessageFactory(mise_en_relation=relation)
        Bilan.objects.create(annonce=annonce, mise_en_relation=relation, structure=structure, heures=1)
        Bilan.objects.create(annonce=annonce, mise_en_relation=relation, structure=annonce.structure, kilos=2)
    fusionner(garder, absorber, par=animateur)
    relation = MiseEnRelation.objects.get()
    assert (relation.structure, relation.messages.count()) == (garder, 2)
    assert sorted(relation.bilans.values_list("structure__nom", flat=True)) == sorted(
        [garder.nom, annonce.structure.nom]
    )


@pytest.mark.parametrize(
    ("etats", "attendu"),
    [
        (("attribuee", "attribuee"), [(8, "attribuee"), (5, "annulee")]),
        (("demandee", "attribuee"), [(5, "attribuee"), (3, "annulee")]),
        (("remise", "attribuee"), [(5, "attribuee"), (3, "remise")]),
    ],
)
def test_parts_of_one_batch_keep_what_was_taken(deux, animateur, etats, attendu):
    garder, absorber = deux
    lot = AnnonceFactory(partage="choisi", quantite=20)
    for structure, quantite, etat in zip(deux, (3, 5), etats, strict=True):
        PartDeLot.objects.create(
            annonce=lot, structure=structure, quantite=quantite, etat=etat, cle=uuid.uuid4(),
            remise_le=timezone.now() if etat == "remise" else None,
        )  # fmt: skip
    prises = sum(p.quantite for p in PartDeLot.objects.all() if p.etat in ("attribuee", "remise"))
    fusionner(garder, absorber, par=animateur)
    parts = PartDeLot.objects.all()
    assert sorted((p.quantite, p.etat) for p in parts) == sorted(attendu)
    assert {p.structure for p in parts} == {garder}
    assert sum(p.quantite for p in parts if p.etat in ("attribuee", "remise")) == prises


def test_wishes_for_one_tour_join_their_days(deux, animateur):
    garder, absorber = deux
    jour = timezone.localdate()
    tournee = Tournee.objects.create(
        annonce=AnnonceFactory(nature="artiste", mode="service_gratuit"), nom="T", debut=jour,
        fin=jour + timedelta(days=3), cle=uuid.uuid4(),
    )  # fmt: skip
    for rang, structure in enumerate(deux):
        etape = Etape.objects.create(tournee=tournee, structure=structure)
        JourSouhaite.objects.create(etape=etape, jour=jour)
        JourSouhaite.objects.create(etape=etape, jour=jour + timedelta(days=1 + rang))
    fusionner(garder, absorber, par=animateur)
    etape = Etape.objects.get()
    assert (etape.structure, etape.jours.count()) == (garder, 3)


def test_settings_of_the_kept_sheet_win(deux, animateur):
    garder, absorber = deux
    ReglagesStructure.objects.create(structure=garder)
    ReglagesStructure.objects.create(structure=absorber, de_confiance=True, confiance_le=timezone.now())
    fusionner(garder, absorber, par=animateur)
    reglages = ReglagesStructure.objects.get()
    assert (reglages.structure, reglages.de_confiance) == (garder, False)
