"""The post-it workshop in a real Chromium: a facilitator, a phone and the room's projector at once; a keyboard
alone; no JavaScript. Axe in every phase: test_axe_atelier.py."""

import re

import pytest
from playwright.sync_api import expect

from reunions.models import PostIt
from tests.e2e.test_clavier import aller_a
from tests.factories import StructureFactory, UtilisateurFactory
from tests.factories.reunions import AtelierFactory, AxeFactory, ReunionFactory

pytestmark = pytest.mark.django_db(transaction=True)
TELEPHONE = (360, 740)
VITE = 3000
"""Milliseconds within which the others must see what happened."""


@pytest.fixture
def animateur():
    return UtilisateurFactory(is_staff=True, groupes=["Animateurs"])


def un_atelier(phase="preparation"):
    atelier = AtelierFactory(phase=phase, reunion=ReunionFactory(titre="Par où commencer ?"))
    for rang, nom in enumerate(["Mise en réseaux", "Mutualisation de compétences"]):
        AxeFactory(atelier=atelier, nom=nom, ordre=rang)
    return atelier


def bouton(page, nom):
    return page.get_by_role("button", name=nom, exact=True)


def annonce(page):
    """What was last said aloud of the workshop."""
    return page.get_by_role("status", name="Annonces de l'atelier")


def rejoindre(page, atelier, **reste):
    page.goto(f"/atelier/{atelier.code}/")
    for etiquette, valeur in reste.items():
        page.get_by_label(etiquette).fill(valeur)
    bouton(page, "Entrer dans l'atelier").click()


def coller(page, couleur, axe, texte):
    region = page.get_by_role("region", name=re.compile(f"Post-it {couleur}"))
    region.get_by_label("Axe").select_option(label=axe)
    region.get_by_label("Une idée").fill(texte)
    region.get_by_role("button", name=f"Coller ce post-it {couleur}").click()


def test_a_facilitator_a_phone_and_a_projector_at_once(ouvrir, animateur):
    StructureFactory(nom="Café du pont", etat="publiee")
    atelier = un_atelier()
    anime, telephone, projecteur = ouvrir(animateur), ouvrir(taille=TELEPHONE), ouvrir(animateur, taille=(1920, 1080))
    anime.goto(f"/rencontres/{atelier.reunion_id}/atelier/")
    projecteur.goto(f"/rencontres/{atelier.reunion_id}/projecteur/")
    expect(projecteur.get_by_text(atelier.code_lisible)).to_be_visible()
    rejoindre(telephone, atelier, **{"Votre prénom": "Lou", "Votre structure": "café"})
    expect(telephone.get_by_text("pour Café du pont")).to_be_visible()
    expect(projecteur.get_by_text("1 participant", exact=False).first).to_be_visible(timeout=VITE)

    anime.get_by_label("Temps d'écriture annoncé").fill("10")
    bouton(anime, "Ouvrir l'écriture").click()
    expect(annonce(projecteur)).to_contain_text("Phase : écriture", timeout=VITE)
    expect(projecteur.get_by_text("fin annoncée à")).to_be_visible()
    coller(telephone, "rose", "Mise en réseaux", "Une lettre entre nous")
    coller(telephone, "jaune", "Mutualisation de compétences", "Un juriste partagé")
    expect(telephone.get_by_role("heading", name="Vos post-it (2)")).to_be_visible()
    for ecran in (anime, projecteur):
        expect(ecran.get_by_text("2 post-it", exact=False).first).to_be_visible(timeout=VITE)
        expect(ecran.get_by_text("Une lettre entre nous")).to_have_count(0)

    # Somebody is typing when the writing ends: nothing is swapped under their fingers, and the note counts.
    region = telephone.get_by_role("region", name=re.compile("Post-it rose"))
    region.get_by_label("Axe").select_option(label="Mise en réseaux")
    region.get_by_label("Une idée").fill("Encore en train d'écr")
    bouton(anime, "Finir l'écriture et montrer les post-it").click()
    expect(annonce(telephone)).to_contain_text("Phase : regroupement", timeout=VITE)
    expect(telephone.get_by_text("L'atelier est passé à la phase suivante")).to_be_visible()
    expect(region.get_by_label("Une idée")).to_have_value("Encore en train d'écr")
    region.get_by_role("button", name="Coller ce post-it rose").click()
    expect(telephone.get_by_text("juste après la fin de l'écriture : il est compté")).to_be_visible()
    expect(projecteur.get_by_text("Encore en train d'écr")).to_be_visible(timeout=VITE)
    expect(projecteur.get_by_text("Une lettre entre nous")).to_be_visible()

    # Grouping by the menu, then by drag.
    anime.get_by_role("link", name="Regrouper : Mise en réseaux").click()
    anime.get_by_role("checkbox", name="Une lettre entre nous").check()
    anime.get_by_label("Les ranger dans").select_option(label="une nouvelle catégorie (son nom ci-contre)")
    anime.get_by_label("Nom de la nouvelle catégorie").fill("Se connaître")
    bouton(anime, "Ranger les post-it cochés").click()
    expect(projecteur.get_by_role("heading", name="Se connaître")).to_be_visible(timeout=VITE)
    groupe = anime.get_by_role("region", name="Se connaître")
    expect(groupe.get_by_role("checkbox")).to_have_count(1)  # the page has come back before anything is dragged
    anime.set_viewport_size({"width": 1280, "height": 2400})  # both ends of the drag in sight
    anime.get_by_text("Encore en train d'écr", exact=True).drag_to(groupe)
    expect(groupe.get_by_role("checkbox")).to_have_count(2)

    anime.goto(f"/rencontres/{atelier.reunion_id}/atelier/")
    for nom in ["Passer à la restitution", "Revenir au regroupement", "Passer à la restitution", "Clore l'atelier"]:
        bouton(anime, nom).click()
    expect(annonce(projecteur)).to_contain_text("Phase : clos", timeout=VITE)
    telephone.reload()
    expect(telephone.get_by_role("button", name=re.compile("Coller|Retirer"))).to_have_count(0)
    expect(telephone.get_by_text("Un juriste partagé").first).to_be_visible()
    assert PostIt.objects.count() == 3


def test_updates_pause(ouvrir, animateur):
    atelier = un_atelier("ecriture")
    page = ouvrir(animateur)
    page.goto(f"/rencontres/{atelier.reunion_id}/projecteur/")
    bouton(page, "Suspendre les mises à jour").click()
    expect(annonce(page)).to_contain_text("suspendues")
    rejoindre(ouvrir(), atelier)
    page.wait_for_timeout(VITE)
    expect(page.get_by_text("0 participant", exact=False).first).to_be_visible()
    bouton(page, "Suspendre les mises à jour").click()
    expect(page.get_by_text("1 participant", exact=False).first).to_be_visible(timeout=VITE)


def test_a_participant_with_the_keyboard_alone(ouvrir):
    atelier = un_atelier("ecriture")
    page = ouvrir()
    page.goto("/rencontres/rejoindre/")
    aller_a(page, "Code de l'atelier")
    page.keyboard.type(atelier.code.lower())
    aller_a(page, "Entrer dans l'atelier")
    page.keyboard.press("Enter")
    expect(page.get_by_text("sans prénom")).to_be_visible()
    aller_a(page, "Axe")
    page.keyboard.type("Mise")
    aller_a(page, "Une idée à long terme")
    page.keyboard.type("Se former ensemble")
    aller_a(page, "Coller ce post-it jaune")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Vos post-it (1)")).to_be_visible()
    aller_a(page, "Changer")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Votre idée")).to_be_visible()
    aller_a(page, "Votre idée")
    page.keyboard.press("Control+a")
    page.keyboard.type("Se former à plusieurs")
    aller_a(page, "Enregistrer ce post-it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Votre post-it est changé")).to_be_visible()
    aller_a(page, "Retirer")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ce post-it est retiré")).to_be_visible()
    assert not PostIt.objects.exists()


def test_the_whole_workshop_without_javascript(ouvrir, animateur):
    StructureFactory(nom="Café du pont", etat="publiee")
    StructureFactory(nom="Les amis du pont", etat="publiee")
    reunion = ReunionFactory()
    anime = ouvrir(animateur, javascript=False)
    anime.goto(f"/rencontres/{reunion.pk}/atelier/")
    bouton(anime, "Créer l'atelier").click()
    bouton(anime, "Ouvrir l'écriture").click()
    telephone = ouvrir(taille=TELEPHONE, javascript=False)
    rejoindre(telephone, reunion.atelier, **{"Votre structure": "pont"})
    telephone.get_by_role("radio", name=re.compile("Les amis du pont")).check()
    bouton(telephone, "Entrer dans l'atelier").click()
    coller(telephone, "rose", "Mise en réseaux", "Une lettre")
    expect(telephone.get_by_role("heading", name="Vos post-it (1)")).to_be_visible()
    anime.get_by_role("link", name="Saisir des post-it en papier").click()
    anime.get_by_label("Post-it, un par ligne").fill("4 ; rose ; une lettre\n4 ; jaune ; Se former")
    bouton(anime, "Ajouter ces post-it").click()
    expect(anime.get_by_text("2 post-it sont ajoutés")).to_be_visible()
    anime.goto(f"/rencontres/{reunion.pk}/atelier/")
    bouton(anime, "Finir l'écriture et montrer les post-it").click()
    anime.get_by_role("link", name="Regrouper : Mise en réseaux").click()
    anime.get_by_role("button", name=re.compile("^Grouper")).click()
    expect(anime.get_by_role("region", name="Une lettre").get_by_role("checkbox")).to_have_count(2)
    telephone.get_by_role("link", name="Actualiser cette page").click()
    expect(telephone.get_by_text("Se former", exact=True)).to_be_visible()
