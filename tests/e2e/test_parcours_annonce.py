"""The whole story of a loan in a real Chromium: posted, published, found, answered, booked, brought back, counted.

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
from ressources.agenda import jours_de
from ressources.models import Annonce, Bilan, MiseEnRelation, Reservation
from tests.factories import CommuneFactory, RattachementFactory, StructureFactory, UtilisateurFactory
from tests.factories.ressources import BesoinFactory
from tests.images import image

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("notifie_aussitot"),
]
TITRE = "Vidéoprojecteur avec son écran"


@pytest.fixture
def vichy():
    return CommuneFactory(code="03310", nom="Vichy", codes_postaux=["03200"])


@pytest.fixture
def preteuse(vichy):
    """A référent of the structure that lends."""
    return referent("La Lanterne", vichy)


@pytest.fixture
def emprunteuse(vichy):
    """A référent of the structure that seeks, and its need, already published."""
    personne = referent("Le Foyer rural", vichy)
    BesoinFactory(
        structure=personne.rattachements.get().structure,
        commune=vichy,
        titre="Cherche un vidéoprojecteur pour une soirée",
        description="Pour une projection dans la salle des fêtes.",
    )
    return personne


def referent(nom, commune) -> Utilisateur:
    structure = StructureFactory(nom=nom, commune=commune)
    return RattachementFactory(structure=structure, role="referent").utilisateur


def publier(page):
    """The form, its photo and the preview, until it waits for the hub's staff."""
    page.goto("/compte/")
    page.get_by_role("link", name="Publier une annonce pour La Lanterne").click()
    page.get_by_role("link", name="Je propose une offre").click()
    page.get_by_role("link", name="Matériel", exact=True).click()
    page.get_by_label("Titre").fill(TITRE)
    page.get_by_label("Ce que vous proposez").fill("3 000 lumens, avec son câble. Pour projeter un film.")
    page.get_by_role("radio", name="Prêt : gratuit, rendu ensuite").check()
    photo = image("photo.jpg", forme="JPEG", taille=(800, 600))
    page.get_by_label("Photo (facultatif)").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo.read()}
    )
    page.get_by_label("Description de l'image").fill("Le vidéoprojecteur sur une table")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("img", name="Le vidéoprojecteur sur une table").first).to_be_visible()
    page.get_by_role("button", name="Publier l'annonce").click()
    expect(page.get_by_role("heading", name=TITRE, level=1)).to_be_visible()


def valider(page):
    """The hub's staff read it and publish it, from their home."""
    page.goto("/admin/")
    page.get_by_role("link", name="1 Annonces à valider").click()
    page.get_by_role("link", name=TITRE).click()
    expect(page.get_by_role("img", name="Le vidéoprojecteur sur une table")).to_be_visible()
    page.get_by_role("link", name="Publier", exact=True).click()
    page.get_by_role("button", name="Publier l'annonce").click()
    expect(page.get_by_text(f"« {TITRE} » est publiée.")).to_be_visible()


def ouvrir_les_reservations(page, annonce):
    page.goto(annonce.get_absolute_url())
    page.get_by_role("link", name="Ouvrir les réservations").click()
    page.get_by_role("button", name="Ouvrir les réservations").click()
    expect(page.get_by_role("heading", name="Ouvrir les réservations")).to_have_count(0)


def repondre(page):
    """From the matches of its own need."""
    page.goto("/offres-et-besoins/rapprochements/")
    expect(page.get_by_role("link", name=TITRE, exact=True)).to_be_visible()
    page.get_by_role("link", name=f"Demander : {TITRE}").click()
    page.get_by_label("Votre message").fill("Bonjour, est-il libre pour notre soirée ?")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Bonjour, est-il libre pour notre soirée ?")).to_be_visible()


def accepter(page, relation):
    page.goto("/offres-et-besoins/messages/")
    page.get_by_role("link", name=re.compile("Le Foyer rural")).first.click()
    page.get_by_role("button", name="Oui, parlons-en").click()
    expect(page.get_by_role("button", name="Oui, parlons-en")).to_have_count(0)
    relation.refresh_from_db()
    assert relation.etat == "interessee"


def reserver(page, annonce, du, au):
    page.goto(annonce.get_absolute_url())
    page.get_by_role("link", name="Réserver ce prêt").click()
    page.get_by_label("Du", exact=True).fill(du)
    page.get_by_label("Au", exact=True).fill(au)
    page.get_by_label("Votre message").fill("Nous passerons le matin.")
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_role("heading", name="Où en est cette réservation")).to_be_visible()


def etat(page, attendu):
    expect(page.get_by_role("region", name="Où en est cette réservation")).to_contain_text(attendu)


def preter(page, reservation):
    """Yes, handed over, taken back, with what it was worth."""
    page.goto("/offres-et-besoins/reservations/")
    page.get_by_role("link", name=re.compile(TITRE)).first.click()
    etat(page, "Demandée")
    page.get_by_role("button", name="Confirmer la réservation").click()
    etat(page, "Confirmée")
    page.get_by_label("État à la remise").fill("Complet, propre.")
    page.get_by_role("button", name="C'est remis").click()
    etat(page, "Remise à l'emprunteur")
    page.get_by_role("radio", name="en bon état").check()
    page.get_by_label("Euros économisés ou payés").fill("1 250,50")
    page.get_by_role("button", name="C'est rendu").click()
    etat(page, "Rendue")
    reservation.refresh_from_db()
    assert reservation.etat == "rendue"


def pourvoir(page, relation):
    """The one who lends says that it took place, what it was worth, and closes the announcement."""
    page.goto(f"/offres-et-besoins/messages/{relation.pk}/")
    page.get_by_role("link", name="C'est fait").click()
    page.get_by_label("Heures").fill("3,5")
    page.get_by_label("Fermer aussi l'annonce : elle est pourvue").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Déclaré par une structure.")).to_be_visible()


def dire_aussi(page, relation):
    """The other side gives its own figures."""
    page.goto(f"/offres-et-besoins/messages/{relation.pk}/")
    page.get_by_role("link", name="Donner ou corriger mes chiffres").click()
    page.get_by_label("Heures").fill("4")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Déclaré par les deux structures.")).to_be_visible()


def chiffres(page) -> dict:
    """What anybody reads on the page of figures."""
    page.goto("/offres-et-besoins/chiffres/")
    tableau = page.get_by_role("table", name="Offres et besoins, selon ce dont il s'agit")
    cellules = tableau.get_by_role("row", name=re.compile("^Matériel")).get_by_role("cell").all_inner_texts()
    rendus = page.get_by_role("region", name="Ce que les échanges ont valu").inner_text()
    prets = re.search(r"Prêts? (?:ou location rendu|et locations rendus)\s+(\d+)", rendus)
    parues, besoins, pourvues, _, ouvertes, _ = map(int, cellules)
    return {"offres": parues, "besoins": besoins, "pourvues": pourvues, "ouvertes": ouvertes, "prets": int(prets[1])}


def test_une_offre_de_sa_parution_a_son_retour(ouvrir, preteuse, emprunteuse):
    animateur = UtilisateurFactory(is_staff=True, groupes=["Animateurs"], nom="Claude, du pôle")
    prete, emprunte, equipe, public = ouvrir(preteuse), ouvrir(emprunteuse), ouvrir(animateur), ouvrir()
    assert chiffres(public) == {"offres": 0, "besoins": 1, "pourvues": 0, "ouvertes": 0, "prets": 0}

    publier(prete)
    annonce = Annonce.objects.get(titre=TITRE)
    assert (annonce.etat, annonce.photos.count()) == ("a_valider", 1)
    assert public.goto(annonce.get_absolute_url()).status == 404
    del ouvrir.fautes[:]  # Chromium logs the 404 that was asked for

    valider(equipe)
    assert Courriel.objects.filter(gabarit="annonce_publiee", destinataire=preteuse.email).count() == 1
    assert public.goto(annonce.get_absolute_url()).status == 200
    assert chiffres(public) == {"offres": 1, "besoins": 1, "pourvues": 0, "ouvertes": 1, "prets": 0}

    ouvrir_les_reservations(prete, annonce)
    repondre(emprunte)
    relation = MiseEnRelation.objects.get()
    assert (relation.structure.nom, relation.origine) == ("Le Foyer rural", "rapprochement")
    accepter(prete, relation)

    du = timezone.localdate() + timedelta(days=7)
    reserver(emprunte, annonce, du.isoformat(), (du + timedelta(days=1)).isoformat())
    reservation = Reservation.objects.get()
    assert jours_de(reservation.periode) == (du, du + timedelta(days=1))
    preter(prete, reservation)
    assert list(Bilan.objects.values_list("euros", "reservation")) == [(Decimal("1250.50"), reservation.pk)]
    assert chiffres(public) == {"offres": 1, "besoins": 1, "pourvues": 0, "ouvertes": 1, "prets": 1}

    pourvoir(prete, relation)
    assert chiffres(public) == {"offres": 1, "besoins": 1, "pourvues": 1, "ouvertes": 0, "prets": 1}

    dire_aussi(emprunte, relation)
    equipe.goto("/admin/")
    equipe.get_by_role("link", name="Offres et besoins en chiffres").click()
    echanges = equipe.get_by_role("table", name="Échanges conclus")
    for dit, attendu in {"les deux": ["1", "3,5", "–", "–"], "une seule": ["1", "–", "1\u00a0250,5", "–"]}.items():
        ligne = echanges.get_by_role("row", name=re.compile(f"^Matériel, dit par {dit}"))
        assert ligne.get_by_role("cell").all_inner_texts() == attendu
