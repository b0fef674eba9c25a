"""Real threads: one person who presses many times, and a line drafted while they write."""

import pytest

from reunions.actions import tour_de_table, tour_personnel
from reunions.actions.tour_personnel import Personne
from tests.factories.reunions import AtelierFactory, ParticipantFactory, ParticipationFactory, ReunionFactory
from tests.reunions.test_invitations_fils import ensemble

pytestmark = [pytest.mark.lent, pytest.mark.django_db(transaction=True)]
VIDE = tour_de_table.empreinte([])


def test_a_person_and_the_staff_at_once_make_one_turn_each():
    reunion = ReunionFactory(etat="tenue")
    venue = ParticipationFactory(reunion=reunion, presence="present", libelle="Amap")
    participant = ParticipantFactory(atelier=AtelierFactory(reunion=reunion))
    moi, autre = Personne(reunion, participation=venue), tour_personnel.du_participant(participant)
    refus = ensemble(
        [
            *[lambda: tour_personnel.ecrire(moi, priorites=["Acheter"], vue=VIDE)] * 4,
            *[lambda: tour_personnel.ecrire(autre, priorites=["Prêter"], vue=VIDE)] * 4,
            *[lambda: tour_de_table.dresser(reunion)] * 4,
        ]
    )
    assert refus == []
    assert sorted(tour.priorites.get().texte for tour in reunion.tours.all()) == ["Acheter", "Prêter"]
    assert sorted(reunion.tours.values_list("ordre", flat=True)) == [0, 1]
