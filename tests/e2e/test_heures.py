"""An hour of help in a real Chromium, on a phone: noted by who helped, confirmed from the mail without signing in."""

import re

import pytest
from playwright.sync_api import expect

from pole_ess.socle.models import Courriel
from ressources.actions import heures
from ressources.models import CompteHeures
from tests.e2e.conftest import LARGEURS
from tests.factories import RattachementFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_noted_on_a_phone_and_confirmed_from_the_mail(ouvrir):
    qui_aide = RattachementFactory(role="referent", structure__nom="Le Moulin")
    aidee = heures.ouvrir(structure=RattachementFactory(role="referent", structure__nom="La Fanfare").structure)
    page = ouvrir(qui_aide.utilisateur, taille=LARGEURS["telephone"])
    page.goto("/compte/")
    page.get_by_role("link", name="Mes heures d'entraide").click()
    page.get_by_role("link", name="Ouvrir un compte d'heures").click()
    page.get_by_role("radio", name="Pour Le Moulin").check()
    page.get_by_role("button", name="Ouvrir le compte").click()
    expect(page.get_by_role("heading", name="Solde : 5 h")).to_be_visible()
    page.get_by_role("link", name="Noter des heures").click()
    page.get_by_role("radio", name="Le Moulin a aidé", exact=True).check()
    page.get_by_label("Avec quelle structure").select_option("La Fanfare")
    page.get_by_label("Combien de temps").fill("1 h 30")
    page.get_by_label("Pour quoi").fill("Monter la scène")
    page.get_by_role("button", name="Noter ces heures").click()
    expect(page.get_by_text("L'autre doit confirmer")).to_be_visible()

    lien = re.search(r"(/offres-et-besoins/heures/lien/\S+)", Courriel.objects.get(gabarit="heures").texte)[1]
    autre = ouvrir(None, taille=LARGEURS["telephone"], javascript=False)
    autre.goto(lien)
    expect(autre.get_by_role("heading", name="1 h 30 à confirmer")).to_be_visible()
    autre.get_by_role("button", name="Oui, je confirme").click()
    expect(autre.get_by_role("heading", name="Merci")).to_be_visible()

    page.reload()
    expect(page.get_by_role("heading", name="Solde : 6 h 30")).to_be_visible()
    expect(page.get_by_text("Vous avez donné 1 h 30 de plus que reçu.")).to_be_visible()
    aidee.refresh_from_db()
    assert str(aidee.solde) == "3.50"
    assert not CompteHeures.objects.incoherents().exists()
