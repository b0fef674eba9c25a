"""A session that ended while somebody worked: their words come back, the login leads to a page that can be read."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from reunions.actions import comptes_rendus as actes
from reunions.models import Participation
from tests.factories.reunions import ParticipationFactory
from tests.reunions.minutes import reunion_tenue

pytestmark = pytest.mark.django_db
MOTS = {"geste": "enregistrer", "titre": "Conclusions", "texte": "Trois <b>jardins</b>\net un marché.", "version": 1}


@pytest.fixture
def section():
    return actes.rediger(reunion_tenue(), par=None).sections.first()


def adresse(section):
    return f"/rencontres/{section.compte_rendu.reunion_id}/compte-rendu/sections/{section.pk}/"


def redaction(section):
    return f"/rencontres/{section.compte_rendu.reunion_id}/compte-rendu/rediger/"


def suite_de(url) -> str:
    lue = urlsplit(url)
    assert lue.path == "/compte/login/"
    return parse_qs(lue.query)["next"][0]


def test_words_are_given_back_beside_the_login(client, section):
    reponse = client.post(adresse(section), MOTS, HTTP_REFERER=f"http://testserver{redaction(section)}?x=1")
    page = reponse.content.decode()
    assert reponse.status_code == 401
    assert "Trois &lt;b&gt;jardins&lt;/b&gt;\net un marché.</textarea>" in page
    assert "enregistrer</textarea>" not in page
    assert suite_de(reponse.context["connexion"]) == f"{redaction(section)}?x=1"
    assert reponse["WWW-Authenticate"]
    assert "no-store" in reponse["Cache-Control"]
    section.refresh_from_db()
    assert section.texte == ""


def test_passwords_are_never_given_back(client, section):
    reponse = client.post(adresse(section), MOTS | {"password": "un secret de quatre mots"})
    assert "un secret" not in reponse.content.decode()


@pytest.mark.parametrize(
    "venue",
    ["", "https://ailleurs.example.org/rencontres/", "http://testserver.example.org/", "//ailleurs.example.org/x"],
)
def test_without_a_page_of_ours_the_login_leads_to_the_address_which_leads_to_the_page(
    client, animateur, section, venue
):
    reponse = client.post(adresse(section), {"geste": "monter", "rang": 1}, HTTP_REFERER=venue)
    assert reponse.status_code == 302
    suite = suite_de(reponse.url)
    assert suite == adresse(section)
    client.force_login(animateur)
    assert client.get(suite).url == f"{redaction(section)}#section-{section.pk}"


def test_a_button_leads_back_to_its_page_after_the_login(client, section):
    invitee = ParticipationFactory(reunion=section.compte_rendu.reunion)
    page = f"/rencontres/{invitee.reunion_id}/invitations/"
    reponse = client.post(f"{page}{invitee.pk}/retirer/", HTTP_REFERER=f"http://testserver{page}?q=lou")
    assert (reponse.status_code, suite_de(reponse.url)) == (302, f"{page}?q=lou")


@pytest.mark.parametrize("retour", ["rediger", "invitations"])
def test_no_address_of_a_button_refuses_to_be_opened(client, animateur, section, retour):
    invitee = ParticipationFactory(reunion=section.compte_rendu.reunion)
    page = f"/rencontres/{invitee.reunion_id}/invitations/"
    client.force_login(animateur)
    bouton = {"rediger": adresse(section), "invitations": f"{page}{invitee.pk}/retirer/"}[retour]
    assert client.get(bouton, follow=True).status_code == 200
    assert Participation.objects.filter(pk=invitee.pk).exists()


def test_a_script_is_told_and_given_the_address_of_the_login(client, section):
    reponse = client.post(
        adresse(section), MOTS, HTTP_ACCEPT="application/json", HTTP_REFERER=f"http://testserver{redaction(section)}"
    )
    assert reponse.status_code == 401
    assert "plus connecté" in reponse.json()["dit"]
    assert suite_de(reponse.json()["connexion"]) == redaction(section)


def test_htmx_leaves_for_the_login_on_a_tap_and_stays_while_somebody_types(client):
    attendue = ParticipationFactory()
    page = f"/rencontres/{attendue.reunion_id}/presences/"
    htmx = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": f"http://testserver{page}?q=lou"}
    tape = client.post(page, {"pk": attendue.pk, "presence": "present", "vue": "inconnue"}, **htmx)
    assert (tape.status_code, suite_de(tape["HX-Redirect"])) == (401, f"{page}?q=lou")
    cherche = client.get(f"{page}?q=lo", **htmx)
    assert cherche.status_code == 401
    assert "HX-Redirect" not in cherche


def test_a_page_to_read_still_leads_to_the_login(client, section):
    reponse = client.get(redaction(section), HTTP_REFERER="http://testserver/rencontres/")
    assert (reponse.status_code, suite_de(reponse.url)) == (302, redaction(section))


def test_a_forged_form_shows_nothing(section):
    reponse = Client(enforce_csrf_checks=True).post(adresse(section), MOTS)
    assert reponse.status_code == 403
    assert "jardins" not in reponse.content.decode()
