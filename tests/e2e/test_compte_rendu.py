"""Minutes that save themselves: the network or the session ends, two tabs write; nothing typed is ever lost."""

import re

import pytest
from playwright.sync_api import expect

from reunions.actions import comptes_rendus as actes
from reunions.models import SectionCompteRendu
from tests.e2e.test_axe import fautes_de
from tests.factories import UtilisateurFactory
from tests.reunions.minutes import reunion_tenue

pytestmark = pytest.mark.django_db(transaction=True)
MOT_DE_PASSE = "une phrase de passe longue"
CONCLUSIONS = "On commence par l'annuaire, puis le marché."


@pytest.fixture
def animateur():
    personne = UtilisateurFactory(is_staff=True, groupes=["Animateurs"], email="anime@example.org")
    personne.set_password(MOT_DE_PASSE)
    personne.save()
    return personne


@pytest.fixture
def minutes():
    return actes.rediger(reunion_tenue(titre="La soirée"), par=None)


def ecrire_le_compte_rendu(page, minutes):
    page.goto(f"/rencontres/{minutes.reunion_id}/compte-rendu/rediger/")
    return conclusions(page)


def conclusions(page):
    return page.get_by_role("article", name="Conclusions")


def texte(section):
    return section.get_by_label("Texte (facultatif)")


def annonce(page):
    """What is said aloud of the saving."""
    return page.get_by_role("status", name="Enregistrement")


def ecrite():
    return SectionCompteRendu.objects.get(titre="Conclusions").texte


def attendues(ouvrir, *motifs):
    """Forget the console errors that a refused request leaves; any other stays."""
    ouvrir.fautes[:] = [faute for faute in ouvrir.fautes if not re.search("|".join(motifs), faute)]


def accessible(ouvrir, page):
    dues_a_la_page = len(ouvrir.fautes)
    assert fautes_de(page, page.url) == []
    del ouvrir.fautes[dues_a_la_page:]  # axe itself sets inline styles, which the policy refuses


def se_connecter(page):
    page.get_by_label("Adresse e-mail").fill("anime@example.org")
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()


def test_a_section_saves_itself_and_says_so(ouvrir, animateur, minutes):
    page = ouvrir(animateur)
    section = ecrire_le_compte_rendu(page, minutes)
    texte(section).press_sequentially(CONCLUSIONS)
    expect(annonce(page)).to_contain_text("« Conclusions » : enregistré à")
    page.reload()
    expect(texte(conclusions(page))).to_have_value(CONCLUSIONS)
    expect(page.get_by_role("button", name="Reprendre ce brouillon")).to_have_count(0)


def test_a_network_that_fails_is_said_and_the_text_goes_when_it_is_back(ouvrir, animateur, minutes):
    page = ouvrir(animateur)
    section = ecrire_le_compte_rendu(page, minutes)
    page.route("**/compte-rendu/sections/**", lambda route: route.abort("internetdisconnected"))
    texte(section).press_sequentially(CONCLUSIONS)
    expect(annonce(page)).to_contain_text("Pas encore enregistré : la connexion manque. Votre texte est gardé")
    expect(texte(section)).to_have_value(CONCLUSIONS)
    assert ecrite() == ""
    page.unroute("**/compte-rendu/sections/**")
    page.context.set_offline(True)
    page.context.set_offline(False)  # the browser says that the network is back
    expect(annonce(page)).to_contain_text("« Conclusions » : enregistré à")
    assert ecrite() == CONCLUSIONS
    attendues(ouvrir, "ERR_INTERNET_DISCONNECTED")


def test_a_page_closed_before_it_could_save_offers_the_text_again(ouvrir, animateur, minutes):
    page = ouvrir(animateur)
    section = ecrire_le_compte_rendu(page, minutes)
    page.route("**/compte-rendu/sections/**", lambda route: route.abort())
    texte(section).press_sequentially(CONCLUSIONS)
    expect(annonce(page)).to_contain_text("Pas encore enregistré")
    page.on("dialog", lambda demande: demande.accept())  # « leave this page? »
    page.unroute("**/compte-rendu/sections/**")
    page.reload()
    expect(texte(conclusions(page))).to_have_value("")
    page.get_by_role("button", name="Reprendre ce brouillon").click()
    expect(texte(conclusions(page))).to_have_value(CONCLUSIONS)
    expect(annonce(page)).to_contain_text("« Conclusions » : enregistré à")
    assert ecrite() == CONCLUSIONS
    attendues(ouvrir, "ERR_FAILED")


def test_an_answer_that_is_not_one_is_not_taken_for_a_success(ouvrir, animateur, minutes):
    page = ouvrir(animateur)
    section = ecrire_le_compte_rendu(page, minutes)
    page.route(
        "**/compte-rendu/sections/**", lambda r: r.fulfill(status=200, content_type="text/html", body="<p>Hôtel")
    )
    texte(section).press_sequentially(CONCLUSIONS)
    expect(annonce(page)).to_contain_text("Pas encore enregistré : le portail n'a pas répondu comme prévu")
    page.unroute("**/compte-rendu/sections/**")
    section.get_by_role("button", name="Enregistrer « Conclusions »").click()
    expect(page.get_by_text("« Conclusions » est enregistré.")).to_be_visible()
    assert ecrite() == CONCLUSIONS


def test_two_tabs_never_write_over_one_another(ouvrir, animateur, minutes):
    premier = ouvrir(animateur)
    second = premier.context.new_page()
    un, deux = ecrire_le_compte_rendu(premier, minutes), ecrire_le_compte_rendu(second, minutes)
    texte(un).press_sequentially("Le texte du premier")
    expect(annonce(premier)).to_contain_text("enregistré à")
    texte(deux).press_sequentially("Le texte du second")
    expect(annonce(second)).to_contain_text("Vous avez modifié cette section entre-temps, dans un autre onglet")
    expect(deux.get_by_label("Le texte enregistré entre-temps")).to_have_value("Le texte du premier")
    expect(texte(deux)).to_have_value("Le texte du second")
    assert ecrite() == "Le texte du premier"
    accessible(ouvrir, second)
    texte(deux).fill("Le texte des deux")
    deux.get_by_role("button", name="Enregistrer « Conclusions »").click()
    expect(second.get_by_text("« Conclusions » est enregistré.")).to_be_visible()
    assert ecrite() == "Le texte des deux"
    attendues(ouvrir, "409")


def test_two_people_are_told_of_one_another(ouvrir, animateur, minutes):
    page, collegue = ouvrir(animateur), ouvrir(UtilisateurFactory(is_staff=True, groupes=["Animateurs"]))
    un, deux = ecrire_le_compte_rendu(page, minutes), ecrire_le_compte_rendu(collegue, minutes)
    texte(un).press_sequentially("Le texte du premier")
    expect(annonce(page)).to_contain_text("enregistré à")
    texte(deux).press_sequentially("Le texte de la collègue")
    expect(annonce(collegue)).to_contain_text("Quelqu'un d'autre a modifié cette section entre-temps. Les deux textes")
    expect(texte(deux)).to_have_value("Le texte de la collègue")
    attendues(ouvrir, "409")


def test_a_session_that_ends_while_writing_loses_nothing(ouvrir, animateur, minutes):
    page = ouvrir(animateur)
    section = ecrire_le_compte_rendu(page, minutes)
    page.context.clear_cookies(name="sessionid")
    texte(section).press_sequentially(CONCLUSIONS)
    expect(annonce(page)).to_contain_text("Vous n'êtes plus connecté. Votre texte reste sur cette page")
    with page.context.expect_page() as onglet:
        section.get_by_role("link", name="Se reconnecter (nouvel onglet)").click()
    se_connecter(onglet.value)
    expect(onglet.value.get_by_role("heading", name="Compte rendu", level=1)).to_be_visible()
    onglet.value.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # headless windows never lose it
    expect(annonce(page)).to_contain_text("« Conclusions » : enregistré à")
    assert ecrite() == CONCLUSIONS
    attendues(ouvrir, "401", "403")


def test_saving_by_the_button_after_the_session_gives_the_text_back(ouvrir, animateur, minutes):
    page = ouvrir(animateur)
    section = ecrire_le_compte_rendu(page, minutes)
    texte(section).fill(CONCLUSIONS)
    page.context.clear_cookies(name="sessionid")
    section.get_by_role("button", name="Enregistrer « Conclusions »").click()
    expect(page.get_by_role("heading", name="Vous n'êtes plus connecté")).to_be_visible()
    expect(page.get_by_label("Votre texte, à copier")).to_have_value(CONCLUSIONS)
    accessible(ouvrir, page)
    page.get_by_role("link", name="Se connecter et revenir à ma page").click()
    se_connecter(page)
    expect(page.get_by_role("heading", name="Compte rendu", level=1)).to_be_visible()
    page.get_by_role("button", name="Reprendre ce brouillon").click()
    expect(texte(conclusions(page))).to_have_value(CONCLUSIONS)
    expect(annonce(page)).to_contain_text("« Conclusions » : enregistré à")
    attendues(ouvrir, "401")


def test_the_same_without_javascript(ouvrir, animateur, minutes):
    page = ouvrir(animateur, javascript=False)
    section = ecrire_le_compte_rendu(page, minutes)
    texte(section).fill(CONCLUSIONS)
    page.context.clear_cookies(name="sessionid")
    section.get_by_role("button", name="Enregistrer « Conclusions »").click()
    garde = page.get_by_label("Votre texte, à copier").input_value()
    page.get_by_role("link", name="Se connecter et revenir à ma page").click()
    se_connecter(page)
    texte(conclusions(page)).fill(garde)
    conclusions(page).get_by_role("button", name="Enregistrer « Conclusions »").click()
    expect(page.get_by_text("« Conclusions » est enregistré.")).to_be_visible()
    assert ecrite() == CONCLUSIONS
    attendues(ouvrir, "401")
