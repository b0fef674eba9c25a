"""A citizen's story in a real Chromium: sign-up, a place taken, the day, the hours noted and confirmed.

Found by roles and accessible names only, as a screen reader's user would.
"""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from annuaire.models import Utilisateur
from pole_ess.socle.models import Courriel
from ressources.actions.benevolat_courriels import lien_desistement
from ressources.models import Annonce, Creneau, InscriptionBenevole, Mission
from tests.factories import CommuneFactory, RattachementFactory, StructureFactory
from tests.factories.benevolat import BesoinDeBenevolesFactory, InscriptionBenevoleFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
TITRE = "Des bras pour le bal"
ADRESSE = "alix@example.org"


@pytest.fixture
def organisatrice(transactional_db):
    """A référent of the structure that seeks, whose need is already in line."""
    vichy = CommuneFactory(code="03310", nom="Vichy", codes_postaux=["03200"])
    personne = RattachementFactory(structure=StructureFactory(nom="Le Bal trad", commune=vichy), role="referent")
    BesoinDeBenevolesFactory(structure=personne.structure, commune=vichy, titre=TITRE)
    return personne.utilisateur


def proposer_des_creneaux(page, annonce):
    """From the need's own page: the event, then a morning cut in two shifts of one place."""
    page.goto(annonce.get_absolute_url())
    page.get_by_role("link", name="Proposer des créneaux").click()
    page.get_by_label("Pour quel événement").fill("Le bal de printemps")
    page.get_by_label("Lieu de rendez-vous").fill("Salle des fêtes")
    page.get_by_role("button", name="Continuer : ajouter les créneaux").click()
    page.get_by_label("Ce qu'on y fait").fill("Buvette")
    page.get_by_label("Jour", exact=True).fill((timezone.localdate() + timedelta(days=9)).isoformat())
    page.get_by_label("De", exact=True).fill("9 h")
    page.get_by_label("À", exact=True).fill("13 h")
    page.get_by_label("Découper ces heures").select_option(label="Des créneaux de 2 heures")
    page.get_by_label("Places").fill("1")
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.get_by_text("2 créneaux ajoutés.")).to_be_visible()


def trouver(page):
    """A visitor finds the mission around Vichy."""
    page.goto("/offres-et-besoins/")
    page.get_by_role("link", name="Bénévolat", exact=True).first.click()
    page.get_by_label("Autour de").fill("Vichy")
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="1 mission à venir")).to_be_visible()
    page.get_by_role("link", name=TITRE).click()
    expect(page.get_by_role("heading", name=TITRE, level=1)).to_be_visible()


def creer_un_compte(page):
    """From the mission: the account, the code received by mail, and back to the mission."""
    page.get_by_role("link", name="créez un compte").click()
    page.get_by_label("Adresse e-mail").fill(ADRESSE)
    page.get_by_label("Mot de passe").first.fill("un-tres-long-mot-de-passe")
    page.get_by_role("button", name="Créer mon compte").click()
    champ = page.get_by_role("textbox", name=re.compile("^Code"))
    expect(champ).to_be_visible()
    courriel = Courriel.objects.filter(destinataire=ADRESSE).latest("pk")
    champ.fill(re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", courriel.texte, re.MULTILINE)[1])
    page.get_by_role("button", name="Valider le code").click()
    expect(page.get_by_role("heading", name=TITRE, level=1)).to_be_visible()


def attendre(page, complet):
    """The second shift is full: the waiting list."""
    page.get_by_role("link", name=re.compile("M'inscrire en liste d'attente de 11")).click()
    page.get_by_label("Votre nom").fill("Alix")
    page.get_by_label("Téléphone pour ce créneau").fill("01 99 00 12 34")
    page.get_by_role("button", name="M'inscrire en liste d'attente").click()
    expect(page.get_by_role("heading", name="En liste d'attente")).to_be_visible()
    expect(page.get_by_text("Premier rang")).to_be_visible()
    return complet.inscriptions.get(utilisateur__email=ADRESSE)


def rendre_par_lien(page, inscription):
    """Somebody without a session opens the link of their own mail, and presses its button."""
    page.goto(lien_desistement(inscription))
    page.get_by_role("button", name="Rendre ma place").click()
    expect(page.get_by_role("heading", name="Votre place est rendue")).to_be_visible()


def imprimer(page, mission):
    page.goto(f"/offres-et-besoins/benevolat/{mission.pk}/organiser/")
    page.get_by_role("link", name="Feuille à imprimer").click()
    tableau = page.get_by_role("region", name=re.compile("de 11"))
    expect(tableau.get_by_role("row", name=re.compile("Alix.*01 99 00 12 34"))).to_be_visible()
    with page.expect_download() as attendu:
        page.get_by_role("link", name="Télécharger en PDF").click()
    assert attendu.value.suggested_filename.endswith(".pdf")


def pointer(page, mission):
    """The day has come: she came, two hours and a half."""
    page.goto(f"/offres-et-besoins/benevolat/{mission.pk}/organiser/")
    page.get_by_role("link", name=re.compile("Pointer qui est venu")).first.click()
    page.get_by_label("Heures de Alix").fill("2,5")
    page.get_by_role("button", name="Venu : Alix").click()
    expect(page.get_by_text("venu, 2,5 h")).to_be_visible()


def confirmer(page):
    page.goto("/compte/")
    page.get_by_role("link", name="Voir mes missions").click()
    page.get_by_role("link", name=TITRE).click()
    page.get_by_role("button", name="C'est juste").click()
    expect(page.get_by_text("Vous et la structure dites la même chose : 2,5 h. Merci !")).to_be_visible()
    page.get_by_role("link", name="Mes missions").last.click()
    expect(page.get_by_text("2,5 heures notées")).to_be_visible()


def test_d_un_compte_a_un_creneau_fait(ouvrir, organisatrice):
    structure, citoyenne, occupante = ouvrir(organisatrice), ouvrir(), ouvrir()
    proposer_des_creneaux(structure, Annonce.objects.get(titre=TITRE))
    mission = Mission.objects.get()
    matin, midi = mission.creneaux.order_by("debut")
    occupant = InscriptionBenevoleFactory(creneau=midi, nom="Quelqu'un d'autre")

    trouver(citoyenne)
    creer_un_compte(citoyenne)
    assert Utilisateur.objects.get(email=ADRESSE).rattachements.count() == 0
    place = attendre(citoyenne, midi)

    rendre_par_lien(occupante, occupant)
    place.refresh_from_db()
    assert place.etat == "inscrite"
    assert Courriel.objects.filter(destinataire=ADRESSE, sujet__startswith="Une place s'est libérée").count() == 1
    citoyenne.reload()
    expect(citoyenne.get_by_role("heading", name="Place confirmée")).to_be_visible()
    imprimer(structure, mission)

    # The day comes: time is moved, nothing else is.
    Creneau.objects.filter(pk=midi.pk).update(
        debut=timezone.now() - timedelta(hours=3), fin=timezone.now() - timedelta(minutes=30)
    )
    pointer(structure, mission)
    confirmer(citoyenne)
    place = InscriptionBenevole.objects.get(pk=place.pk)
    assert (place.etat, place.heures, place.heures_benevole) == ("venue", Decimal("2.50"), Decimal("2.50"))
    assert (matin.inscriptions.count(), midi.inscriptions.filter(etat="annulee").count()) == (0, 1)
