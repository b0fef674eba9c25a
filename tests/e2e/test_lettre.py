"""The letter's readers in a real Chromium: subscribe, confirm from the mail, choose, leave; a référent's short news.

Found by roles and accessible names only, as a screen reader's user would.
"""

import re

import pytest
from playwright.sync_api import expect

from newsletter.models import Abonne, Breve, Desabonnement
from pole_ess.socle.models import Courriel
from tests.factories import CommuneFactory, RattachementFactory, StructureFactory, UtilisateurFactory
from tests.images import image

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LEA = "lea@example.org"


def lien_du_courriel(page_de_la_lettre) -> str:
    texte = Courriel.objects.filter(destinataire=LEA).latest("pk").texte
    return re.search(rf"https?://\S+/lettre/{page_de_la_lettre}/\S+", texte)[0]


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "sans-js"])
def test_s_abonner_choisir_partir(ouvrir, javascript):
    CommuneFactory(code="03310", nom="Vichy", codes_postaux=["03200"])
    page = ouvrir(javascript=javascript, taille=(360, 800))
    page.goto("/lettre/")
    page.get_by_role("main").get_by_role("link", name="Recevoir la lettre").click()
    page.get_by_role("button", name="S'abonner").click()
    expect(page.get_by_role("alert")).to_contain_text("2 points à corriger")
    page.get_by_label("Votre adresse e-mail").fill(LEA)
    page.get_by_text("Choisir ce que je reçois").click()
    page.get_by_label("Locaux").check()
    page.get_by_label("Autour de").fill("Vichy")
    page.get_by_label("J'accepte de recevoir la lettre").check()
    page.get_by_role("button", name="S'abonner").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ouvrez votre messagerie")

    page.goto(lien_du_courriel("confirmer"))
    assert Abonne.objects.get().etat == "en_attente"
    page.get_by_role("button", name="Confirmer mon abonnement").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes abonné à la lettre")
    abonne = Abonne.objects.get()
    assert (abonne.etat, abonne.interets.natures, abonne.interets.rayon_km) == ("confirme", ["local"], 30)

    page.get_by_role("link", name="Choisir ce que je reçois").click()
    expect(page.get_by_label("Locaux")).to_be_checked()
    page.get_by_label("Une lettre par mois au plus").check()
    page.get_by_role("button", name="Enregistrer mes choix").click()
    expect(page.get_by_role("status")).to_contain_text("C'est enregistré")
    assert Abonne.objects.get().frequence == "mensuelle"

    page.get_by_role("link", name="Me désabonner").click()
    assert Abonne.objects.exists()
    page.get_by_role("button", name="Me désabonner").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("vous ne recevez plus la lettre")
    assert (Abonne.objects.count(), Desabonnement.objects.get().voie) == (0, "lien")


def test_une_breve_de_l_ecriture_a_la_page(ouvrir):
    structure = StructureFactory(nom="La Lanterne", commune=CommuneFactory(nom="Vichy"))
    page = ouvrir(RattachementFactory(structure=structure, role="referent").utilisateur)
    page.goto(structure.get_absolute_url())
    page.get_by_role("link", name="Proposer une brève").click()
    page.get_by_label("Titre").fill("Nous déménageons")
    page.get_by_label("Texte", exact=True).fill("Dès lundi.")
    expect(page.get_by_text("10 caractères sur 600")).to_be_visible()
    fichier = {"name": "salle.png", "mimeType": "image/png", "buffer": image().read()}
    page.get_by_label("Photo (facultatif)", exact=True).set_input_files(fichier)
    page.get_by_label("Description de la photo").fill("La nouvelle salle, vide")
    page.get_by_role("button", name="Publier la brève").click()
    expect(page.get_by_role("status")).to_contain_text("L'équipe du pôle la relit")
    breve = Breve.objects.get()
    assert (breve.etat, bool(breve.photo)) == ("a_valider", True)

    equipe = ouvrir(UtilisateurFactory(is_staff=True, groupes=["Animateurs"]))
    equipe.goto("/admin/")
    equipe.get_by_role("link", name="Brèves à valider").click()
    equipe.get_by_role("link", name="Nous déménageons").click()
    equipe.get_by_role("link", name="Publier").click()
    equipe.get_by_role("button", name="Publier la brève").click()
    visiteur = ouvrir()
    visiteur.goto("/lettre/breves/")
    visiteur.get_by_role("link", name="Nous déménageons").click()
    expect(visiteur.get_by_role("img", name="La nouvelle salle, vide")).to_be_visible()
