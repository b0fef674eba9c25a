"""The whole evening as its facilitator lives it, from the first form to the minutes that a visitor reads.

By links, buttons and accessible names alone, as a screen reader's user would; the first page is the home page.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from procrastinate.contrib.django.models import ProcrastinateJob

from pole_ess.socle.models import Courriel
from reunions.actions import invitations
from reunions.models import Action, PostIt, Reunion, VersionCompteRendu
from tests.e2e import gestes_atelier as atelier
from tests.e2e import gestes_preparation as gestes
from tests.e2e.test_compte_rendu import CONCLUSIONS, annonce, conclusions, texte
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db(transaction=True)
PRIORITE = "Une rencontre par trimestre"
TELEPHONE = (360, 740)


@pytest.fixture
def annuaire():
    """Two structures « du pont », one with a référent; another that nobody invites."""
    cafe = StructureFactory(nom="Café du pont", etat="publiee")
    RattachementFactory(
        structure=cafe,
        role="referent",
        utilisateur=UtilisateurFactory(nom="Camille Durand", email="camille@example.org"),
    )
    StructureFactory(nom="Les amis du pont", etat="publiee")
    StructureFactory(nom="La Lanterne", etat="publiee")


@pytest.fixture
def animateur(annuaire):
    return UtilisateurFactory(is_staff=True, groupes=["Animateurs"])


def le_courrier_part() -> str:
    """What the worker does of the job that the button left (it cannot run in this thread); the link of one mail."""
    taches = ProcrastinateJob.objects.filter(task_name=invitations.TACHE)
    assert [invitations.ecrire(**tache.args) for tache in taches] == [2]
    courriel = Courriel.objects.get(destinataire="camille@example.org")
    return re.search(r"https?://\S+/lien/invitation/\S+", courriel.texte)[0]


def repondre_par_le_lien(page, adresse):
    """The first page of somebody who was written to is the one that the mail links."""
    page.goto(adresse)
    page.get_by_role("radio", name="Je viens").check()
    gestes.bouton(page, "Enregistrer ma réponse").click()
    gestes.dit(page, "C'est noté, merci")


def le_temps_passe(depuis):
    """The meeting began so long ago, and lasts three hours."""
    debut = timezone.now() - depuis
    assert Reunion.objects.update(debut=debut, fin=debut + timedelta(hours=3)) == 1


def publier_le_compte_rendu(page):
    gestes.lien(page, "La rencontre a eu lieu").click()
    gestes.bouton(page, "Elle a eu lieu").click()
    gestes.dit(page, "la rencontre a eu lieu")
    gestes.lien(page, "Compte rendu").click()
    gestes.bouton(page, "Rédiger le compte rendu").click()
    gestes.dit(page, "Le compte rendu est prêt")
    texte(conclusions(page)).press_sequentially(CONCLUSIONS)
    expect(annonce(page)).to_contain_text("« Conclusions » : enregistré à")
    page.reload()
    expect(texte(conclusions(page))).to_have_value(CONCLUSIONS)
    gestes.lien(page, "Voir l'aperçu").click()
    expect(page.get_by_text("Aperçu du brouillon")).to_be_visible()
    gestes.lien(page, "Revenir à la rédaction").click()
    gestes.bouton(page, "J'ai relu, c'est bon").click()
    gestes.dit(page, "le compte rendu est relu")
    gestes.bouton(page, "Publier la version 1").click()
    gestes.dit(page, "La version 1 du compte rendu est publiée")


def lire_en_visiteur(page):
    """Structures are named, nobody is; everything that the evening made is there."""
    gestes.ouvrir_la_rencontre_passee(page)
    gestes.lien(page, "Lire le compte rendu").click()
    principal = page.get_by_role("main")
    for titre in ["Personnes présentes", "Diagnostic", "Conclusions", "Résultats de l'atelier", "Actions décidées"]:
        expect(principal.get_by_role("heading", name=titre, exact=True)).to_be_visible()
    for mots in [
        "Les amis du pont",
        "Nous nous connaissons mal.",
        CONCLUSIONS,
        atelier.AXE,
        PRIORITE,
        "Écrire une lettre entre nous",
        atelier.JAUNE,
    ]:
        expect(principal).to_contain_text(mots)
    for nom in ["Lou Martin", "Camille Durand"]:
        expect(principal).not_to_contain_text(nom)


def test_the_whole_evening(ouvrir, animateur):
    anime = ouvrir(animateur)
    gestes.creer_la_rencontre(anime)
    gestes.ecrire_l_ordre_du_jour(anime)
    gestes.annoncer(anime)
    gestes.inviter_les_structures(anime)
    repondre_par_le_lien(ouvrir(taille=TELEPHONE), le_courrier_part())
    gestes.ecrire_le_diagnostic(anime)

    le_temps_passe(timedelta(minutes=30))
    gestes.accueillir(anime)
    gestes.valider_un_enonce(anime)
    atelier.creer_l_atelier(anime)
    projecteur, telephone = ouvrir(animateur, taille=(1920, 1080)), ouvrir(taille=TELEPHONE)
    atelier.ouvrir_le_projecteur(projecteur)
    atelier.rejoindre(telephone, atelier.code_projete(projecteur))
    atelier.ouvrir_l_ecriture(anime, projecteur, telephone)
    atelier.ecrire_sur_le_telephone(telephone)
    atelier.saisir_les_papiers(anime)
    atelier.ne_montre_que_des_nombres(projecteur)
    atelier.revenir_a_la_console(anime)
    atelier.finir_l_ecriture(anime, projecteur, telephone)
    atelier.regrouper_au_clavier(anime)
    expect(projecteur.get_by_role("heading", name=atelier.CATEGORIE)).to_be_visible()
    atelier.revenir_a_la_console(anime)
    atelier.rendre_les_resultats(anime, projecteur, telephone)
    atelier.clore(anime, projecteur, telephone)
    assert PostIt.objects.count() == 4

    gestes.faire_le_tour_de_table(anime, PRIORITE)
    gestes.ouvrir_l_outil(anime, "Atelier de post-it")
    atelier.en_faire_une_action(anime)
    assert Action.objects.get().categorie.nom == atelier.CATEGORIE
    le_temps_passe(timedelta(days=1))
    gestes.ouvrir_la_rencontre_passee(anime)
    gestes.lien(anime, "Préparer et animer").click()
    publier_le_compte_rendu(anime)
    assert VersionCompteRendu.objects.count() == 1
    lire_en_visiteur(ouvrir())
