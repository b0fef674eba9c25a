"""The three screens of the workshop: the facilitator's, a phone, the room's projector."""

import re

from playwright.sync_api import expect

from tests.e2e.gestes_preparation import (
    TITRE,
    aller_aux_rencontres,
    bouton,
    champ,
    dit,
    lien,
    ouvrir_l_outil,
)
from tests.e2e.test_atelier import VITE, annonce, coller

ROSE, JAUNE = "Une lettre entre nous", "Un juriste partagé"
PAPIERS = ["La lettre des voisins", "Une fête des structures"]
CATEGORIE = "Se connaître"
AXE = "Mise en réseaux"
CODE = re.compile(r"[A-Z]{3}\s?[A-Z]{3}")


def creer_l_atelier(page):
    """With the six axes that are ready."""
    ouvrir_l_outil(page, "Atelier de post-it")
    axes = champ(page, "Axes de travail (facultatif)")
    assert axes.input_value().count("\n") == 5
    bouton(page, "Créer l'atelier").click()
    expect(page.get_by_role("region", name="Post-it par axe").get_by_role("row")).to_have_count(7)


def revenir_a_la_console(page):
    lien(page, "Revenir à l'animation").click()


def ouvrir_le_projecteur(page):
    """From the meeting's page, as on the room's computer."""
    aller_aux_rencontres(page)
    lien(page, TITRE).click()
    lien(page, "Préparer et animer").click()
    lien(page, "Atelier de post-it").click()
    lien(page, "Ouvrir le projecteur").click()


def code_projete(page) -> str:
    entree = page.get_by_role("region", name="Pour entrer")
    return CODE.search(entree.get_by_text("Code de l'atelier :").locator("..").inner_text())[0]


def rejoindre(page, code):
    aller_aux_rencontres(page)
    lien(page, "Rejoindre un atelier").click()
    champ(page, "Code de l'atelier").fill(code.lower())
    champ(page, "Votre prénom (facultatif)").fill("Lou")
    champ(page, "Votre structure (facultatif)").fill("amis du pont")
    bouton(page, "Entrer dans l'atelier").click()
    expect(page.get_by_text("pour Les amis du pont")).to_be_visible()


def ouvrir_l_ecriture(anime, projecteur, telephone):
    """The phone loads its fields by itself, and still says the phase once they are there."""
    champ(anime, "Temps d'écriture annoncé (minutes) (facultatif)").fill("10")
    bouton(anime, "Ouvrir l'écriture").click()
    annoncee("écriture", projecteur)
    expect(telephone.get_by_role("region", name=re.compile("Post-it rose"))).to_be_visible(timeout=VITE)
    annoncee("écriture", telephone)


def annoncee(phase, *ecrans):
    """Each screen says the new phase aloud, within the delay."""
    for ecran in ecrans:
        expect(annonce(ecran)).to_contain_text(f"Phase : {phase}", timeout=VITE)


def ecrire_sur_le_telephone(telephone):
    coller(telephone, "rose", AXE, ROSE)
    coller(telephone, "jaune", AXE, JAUNE)
    expect(telephone.get_by_role("heading", name="Vos post-it (2)")).to_be_visible()


def saisir_les_papiers(anime):
    lien(anime, "Saisir des post-it en papier").click()
    champ(anime, "Post-it, un par ligne").fill("\n".join(f"{AXE} ; rose ; {texte}" for texte in PAPIERS))
    bouton(anime, "Ajouter ces post-it").click()
    dit(anime, "2 post-it sont ajoutés")


def ne_montre_que_des_nombres(projecteur):
    tableau = projecteur.get_by_role("region", name=AXE)
    expect(tableau).to_contain_text("4 post-it dont 3 à court terme, 1 à long terme", timeout=VITE)
    for texte in [ROSE, JAUNE, *PAPIERS, "Lou", "Rang"]:
        expect(projecteur.get_by_text(texte)).to_have_count(0)


def finir_l_ecriture(anime, *ecrans):
    bouton(anime, "Finir l'écriture et montrer les post-it").click()
    annoncee("regroupement", *ecrans)


def regrouper_au_clavier(anime):
    """Ticks with the space bar, the menu by its letters, the button by Enter."""
    lien(anime, f"Regrouper : {AXE}").click()
    for texte in [ROSE, PAPIERS[0]]:
        anime.get_by_role("checkbox", name=texte).press("Space")
    champ(anime, "Les ranger dans").focus()
    anime.keyboard.type("une nouvelle")
    anime.get_by_label("Nom de la nouvelle catégorie").focus()
    anime.keyboard.type(CATEGORIE)
    bouton(anime, "Ranger les post-it cochés").press("Enter")
    groupe = anime.get_by_role("region", name=CATEGORIE)
    expect(groupe.get_by_role("checkbox")).to_have_count(2)


def rendre_les_resultats(anime, projecteur, telephone):
    bouton(anime, "Passer à la restitution").click()
    annoncee("restitution", projecteur, telephone)
    expect(projecteur.get_by_role("heading", name="Résultats", exact=True)).to_be_visible()


def clore(anime, projecteur, telephone):
    bouton(anime, "Clore l'atelier").click()
    annoncee("clos", projecteur, telephone)


def en_faire_une_action(anime):
    lien(anime, "Voir les résultats").click()
    axe = anime.get_by_role("region", name=AXE, exact=True)
    ligne = axe.get_by_role("row").filter(has=anime.get_by_role("rowheader", name=CATEGORIE, exact=True))
    expect(ligne.get_by_role("cell")).to_have_text(["2", "0", "2"])
    suite = axe.get_by_role("group").filter(has_text=f"à partir de « {CATEGORIE} »")
    suite.get_by_text("En faire…").click()
    suite.get_by_role("link", name="En faire une action").click()
    expect(champ(anime, "Quoi")).to_have_value(CATEGORIE)
    champ(anime, "Quoi").fill("Écrire une lettre entre nous")
    champ(anime, "Structure qui pilote (facultatif)").fill("Café du pont")
    bouton(anime, "Noter cette action").click()
    dit(anime, "L'action est notée")
