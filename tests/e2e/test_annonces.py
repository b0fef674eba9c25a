"""Offers and needs in a real browser: search, open, answer; with the keyboard alone, and without JavaScript."""

import pytest

from ressources.models import Annonce, MiseEnRelation
from tests.e2e.pages import Demonstration
from tests.e2e.test_clavier import aller_a

pytestmark = pytest.mark.django_db(transaction=True)
MESSAGE = "Bonjour, nous aurions besoin de vous en mars."


@pytest.fixture
def annonce():
    """Of another structure than the référent's, answered by the form of its page."""
    demonstration = Demonstration()
    demonstration.annonce = (
        Annonce.objects.ouvertes()
        .filter(sens="offre", nature="competence")
        .exclude(structure=demonstration.structure())
        .order_by("pk")
        .first()
    )
    return demonstration


def verifier(demonstration):
    relation = MiseEnRelation.objects.get(annonce=demonstration.annonce, structure=demonstration.structure())
    assert relation.etat == "proposee"
    assert [message.texte for message in relation.messages.all()] == [MESSAGE]
    return relation


def test_chercher_ouvrir_repondre_au_clavier(ouvrir, annonce):
    page = ouvrir(annonce.compte("referent"))
    page.goto("/")
    aller_a(page, "Offres et besoins")
    page.keyboard.press("Enter")
    page.wait_for_url("**/offres-et-besoins/")
    aller_a(page, "Chaises, salle")
    page.keyboard.type(annonce.annonce.titre)
    page.keyboard.press("Enter")
    page.wait_for_url("**/offres-et-besoins/?*")
    aller_a(page, annonce.annonce.titre, maximum=200)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{annonce.annonce.get_absolute_url()}")
    aller_a(page, "Votre message")
    page.keyboard.type(MESSAGE)
    aller_a(page, "Je suis intéressé")
    page.keyboard.press("Enter")
    page.wait_for_url("**/messages/*/")
    page.get_by_role("status").get_by_text("C'est envoyé.").wait_for()
    verifier(annonce)


def test_chercher_ouvrir_repondre_sans_javascript(ouvrir, annonce):
    """The announcer's answer too: « seen » has its button, « yes » opens the discussion."""
    page = ouvrir(annonce.compte("referent"), javascript=False)
    page.goto("/offres-et-besoins/")
    page.get_by_label("Chaises, salle").fill(annonce.annonce.titre)
    page.get_by_role("button", name="Rechercher").click()
    page.get_by_role("link", name=annonce.annonce.titre, exact=True).click()
    page.get_by_label("Votre message").fill("")
    page.get_by_role("button", name="Je suis intéressé").click()
    assert page.get_by_role("heading", name="Votre message n'est pas parti").is_visible()
    page.get_by_label("Votre message").fill(MESSAGE)
    page.get_by_role("button", name="Envoyer").click()
    assert page.get_by_text("Votre message est parti").is_visible()
    relation = verifier(annonce)

    sienne = MiseEnRelation.objects.get(annonceur=annonce.structure(), etat="proposee")
    page.goto(f"/offres-et-besoins/messages/{sienne.pk}/")
    page.get_by_role("button", name="Dire que je l'ai lue").click()
    sienne.refresh_from_db()
    assert sienne.etat == "vue"
    page.get_by_role("button", name="Oui, parlons-en").click()
    sienne.refresh_from_db()
    assert sienne.etat == "interessee"
    page.goto(f"/offres-et-besoins/messages/{relation.pk}/")
    assert page.get_by_text(MESSAGE).is_visible()
