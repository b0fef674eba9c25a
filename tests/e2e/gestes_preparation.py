"""What a facilitator does before and around the workshop, by roles and accessible names alone."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

TITRE = "Par où commencer ?"
POINTS = [("Tour de table", "30"), ("Atelier de post-it", "60"), ("Suites", "15")]


def bouton(page, nom):
    return page.get_by_role("button", name=nom, exact=True)


def lien(page, nom):
    return page.get_by_role("main").get_by_role("link", name=nom, exact=True)


def champ(page, nom):
    return page.get_by_label(nom, exact=True)


def deplier(page, nom):
    """Open a disclosure; its summary has no role of its own."""
    page.get_by_role("main").get_by_text(nom, exact=True).click()


def dit(page, mots):
    """What the page says of the act just done."""
    expect(page.get_by_role("status").filter(has_text=mots)).to_be_visible()


def aller_aux_rencontres(page):
    """By the menu, from anywhere; on a phone it is folded."""
    page.goto("/")
    if not page.get_by_role("navigation", name="Principale").is_visible():
        page.get_by_role("banner").get_by_text("Menu", exact=True).click()
    page.get_by_role("navigation", name="Principale").get_by_role("link", name="Rencontres", exact=True).click()
    expect(page.get_by_role("heading", name="Rencontres", level=1)).to_be_visible()


def ouvrir_la_rencontre_passee(page):
    aller_aux_rencontres(page)
    lien(page, "Passées").click()
    lien(page, TITRE).click()


def preparer(page):
    """The hub page of the meeting, by the breadcrumb."""
    fil = page.get_by_role("navigation", name="Fil d'Ariane")
    fil.get_by_role("link", name="Préparer", exact=True).click()
    expect(page.get_by_role("heading", name=TITRE, level=1)).to_be_visible()


def ouvrir_l_outil(page, nom):
    preparer(page)
    lien(page, nom).click()


def creer_la_rencontre(page):
    aller_aux_rencontres(page)
    lien(page, "Préparer une rencontre").click()
    champ(page, "Type de rencontre").select_option(label="Réunion collective")
    champ(page, "Titre").fill(TITRE)
    champ(page, "Objectif (facultatif)").fill("Choisir ensemble par où commencer.")
    bouton(page, "Enregistrer et continuer").click()
    champ(page, "Jour (facultatif)").fill(f"{timezone.localdate() + timedelta(days=7):%Y-%m-%d}")
    champ(page, "De (facultatif)").fill("18 h")
    champ(page, "À (facultatif)").fill("20 h 30")
    champ(page, "Lieu (facultatif)").fill("L'Atrium")
    bouton(page, "Enregistrer et continuer").click()
    champ(page, "Structure qui accueille (facultatif)").fill("Café du pont")
    champ(page, "Accessible en fauteuil (PMR)").check()
    bouton(page, "Enregistrer").click()
    expect(page.get_by_role("heading", name=TITRE, level=1)).to_be_visible()


def ecrire_l_ordre_du_jour(page):
    lien(page, "Ordre du jour").click()
    for titre, minutes in POINTS:
        champ(page, "Point").fill(titre)
        champ(page, "Durée en minutes (facultatif)").fill(minutes)
        bouton(page, "Ajouter ce point").click()
        expect(page.get_by_role("heading", name=titre, level=2)).to_be_visible()
    bouton(page, "Monter « Suites »").click()
    bouton(page, "Descendre « Suites »").click()
    titres = page.get_by_role("main").get_by_role("listitem").get_by_role("heading")
    expect(titres).to_have_text([titre for titre, _ in POINTS])


def annoncer(page):
    preparer(page)
    lien(page, "Annoncer la rencontre").click()
    bouton(page, "Annoncer la rencontre").click()
    dit(page, "La rencontre est annoncée")


def inviter_les_structures(page):
    """Those of a search of the directory; nothing leaves before the last button."""
    lien(page, "Invitations et réponses").click()
    lien(page, "Ajouter des structures").click()
    champ(page, "Mots (facultatif)").fill("pont")
    bouton(page, "Compter").click()
    expect(page.get_by_role("heading", name="2 structures")).to_be_visible()
    bouton(page, "Ajouter à la liste").click()
    lien(page, "Envoyer les invitations (2)").click()
    bouton(page, "Envoyer les invitations").click()
    dit(page, "2 messages partent")


def ecrire_le_diagnostic(page):
    ouvrir_l_outil(page, "Diagnostic à valider ensemble")
    champ(page, "Énoncés, un par ligne").fill("Nous nous connaissons mal.\nLes aides baissent.")
    bouton(page, "Ajouter ces énoncés").click()


def valider_un_enonce(page):
    ouvrir_l_outil(page, "Diagnostic à valider ensemble")
    lien(page, "Présenter les énoncés un par un").click()
    expect(page.get_by_role("heading", name="Nous nous connaissons mal.", level=1)).to_be_visible()
    champ(page, "Mains levées dans la salle").fill("12")
    page.get_by_role("radio", name="Validé", exact=True).check()
    bouton(page, "Noter et passer au suivant").click()
    expect(page.get_by_role("heading", name="Les aides baissent.", level=1)).to_be_visible()
    lien(page, "Toute la liste").click()
    expect(page.get_by_role("listitem").filter(has_text="Nous nous connaissons mal.")).to_contain_text("Validé")


def accueillir(page):
    """Somebody of the list, by a tap, and somebody who had not answered."""
    ouvrir_l_outil(page, "Accueil et feuille de présence")
    bouton(page, "Présent : Camille Durand").click()
    expect(bouton(page, "Présent : Camille Durand")).to_have_attribute("aria-pressed", "true")
    deplier(page, "Ajouter quelqu'un qui n'est pas sur la liste")
    champ(page, "Nom").fill("Lou Martin")
    champ(page, "Au nom de (facultatif)").fill("Les amis du pont")
    bouton(page, "Ajouter, présent").click()
    dit(page, "Lou Martin est noté présent")
    expect(page.get_by_role("main")).to_contain_text("2 présents")


def faire_le_tour_de_table(page, priorite):
    ouvrir_l_outil(page, "Tour de table")
    page.get_by_role("button", name=re.compile("^Dresser la liste")).click()
    dit(page, "2 tours de parole sont ajoutés")
    tour = page.get_by_role("form", name=re.compile("Lou Martin|Les amis du pont"))
    tour.get_by_label("Ses priorités à court terme").fill(priorite)
    tour.get_by_role("button", name=re.compile("^Enregistrer")).click()
    dit(page, "C'est noté pour")
