"""Answering by the mailed link, and checking in by a tap, in a real browser."""

import pytest

from reunions.actions import invitations
from tests.factories import CommuneFactory, UtilisateurFactory
from tests.factories.reunions import ParticipationFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_answering_by_the_link_of_the_mail(ouvrir):
    CommuneFactory(nom="Cusset")
    une = ParticipationFactory()
    page = ouvrir(taille=(320, 700))
    page.goto(invitations.lien(une))
    page.get_by_label("Je viens").check()
    page.get_by_text("Covoiturage : proposer ou chercher une place").click()
    page.get_by_label("Je cherche une place").check()
    page.get_by_label("Combien de places").fill("1")
    page.get_by_label("Au départ de quelle commune").fill("Cusset")
    page.get_by_role("button", name="Enregistrer ma réponse").click()
    page.get_by_text("C'est noté, merci").wait_for()
    une.refresh_from_db()
    assert (une.reponse, une.covoiturage, une.covoiturage_depuis.nom) == ("present", "cherche", "Cusset")


def test_checking_in_by_a_tap_changes_the_line_in_place(ouvrir):
    une = ParticipationFactory(nom="Lou")
    page = ouvrir(UtilisateurFactory(is_staff=True, groupes=["Animateurs"]), taille=(320, 700))
    page.goto(f"/rencontres/{une.reunion_id}/presences/")
    page.get_by_role("button", name="Présent : Lou").click()
    page.locator("button[aria-pressed=true]", has_text="Présent").wait_for()
    une.refresh_from_db()
    assert une.presence == "present"
