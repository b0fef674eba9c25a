"""A shared purchase in a real Chromium, from a category of post-its to the last payment.

Found by roles and accessible names only, as a screen reader's user would; the first page is the workshop's results.
"""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from annuaire.models import Utilisateur
from pole_ess.socle.models import Courriel
from ressources.models import MiseEnCommun, ReglagesStructure
from tests.factories import CommuneFactory, RattachementFactory, StructureFactory
from tests.factories.reunions import AtelierFactory, AxeFactory, CategorieAxeFactory, PostItFactory

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("notifie_aussitot"),
]
TITRE = "Achat groupé de papier"


@pytest.fixture
def vichy():
    return CommuneFactory(code="03310", nom="Vichy", codes_postaux=["03200"])


def referent(nom, commune) -> Utilisateur:
    return RattachementFactory(structure=StructureFactory(nom=nom, commune=commune), role="referent").utilisateur


@pytest.fixture
def lanterne(vichy):
    """The pilot: its structure is trusted, so that its announcement shows at once."""
    personne = referent("La Lanterne", vichy)
    structure = personne.rattachements.get().structure
    ReglagesStructure.objects.create(structure=structure, de_confiance=True, confiance_le=timezone.now())
    return personne


@pytest.fixture
def atelier():
    """A workshop given back, with one category."""
    atelier = AtelierFactory(phase="restitution", reunion__etat="tenue")
    axe = AxeFactory(atelier=atelier, nom="Mutualiser")
    PostItFactory(axe=axe, categorie=CategorieAxeFactory(axe=axe, nom=TITRE), texte="Du papier moins cher")
    return atelier


def bouton(page, nom):
    return page.get_by_role("button", name=nom)


def titre(page, nom):
    expect(page.get_by_role("heading", name=nom, exact=True)).to_be_visible()


def rejoindre(page, quantite, tolerance=""):
    page.get_by_label("Quantité", exact=False).first.fill(quantite)
    if tolerance:
        page.get_by_label("En plus, s'il le faut").fill(tolerance)
    bouton(page, "Prendre part").click()
    expect(page.get_by_role("status").first).to_contain_text("prend part")


def test_from_a_category_of_post_its_to_settled(ouvrir, vichy, lanterne, atelier):
    page = ouvrir(lanterne)
    page.goto(f"/rencontres/{atelier.reunion_id}/resultats/")
    page.get_by_text("Le faire à plusieurs").click()
    page.get_by_role("link", name=f"Lancer un achat groupé : {TITRE}").click()
    titre(page, "Lancer un achat groupé")
    expect(page.get_by_label("Ce que vous voulez acheter ensemble")).to_have_value(TITRE)
    page.get_by_label("Unité", exact=True).fill("ramette")
    page.get_by_label("Quantité minimum pour commander").fill("40")
    page.get_by_label("Vendu par colis de").fill("5")
    page.get_by_label("On peut rejoindre jusqu'au").fill((timezone.localdate() + timedelta(days=20)).isoformat())
    page.get_by_label("Palier 1 : prix de l'unité (€)").fill("4,20")
    page.get_by_label("Vous-même, vous en prendriez").fill("12")
    page.get_by_label("Et jusqu'à, en plus").fill("4")
    bouton(page, "Ouvrir l'achat groupé").click()
    titre(page, "Faire connaître")
    expect(page.get_by_role("img", name="12 sur 40 ramettes")).to_be_visible()

    # A second structure, on a phone, without JavaScript; a third one changes its mind.
    mise = MiseEnCommun.objects.get()
    voisine = ouvrir(referent("Le Foyer rural", vichy), taille=(360, 740), javascript=False)
    voisine.goto("/offres-et-besoins/ensemble/")
    voisine.get_by_role("link", name=TITRE).click()
    voisine.get_by_role("link", name="D'où vient cette idée").click()
    expect(voisine).to_have_url(re.compile("/resultats/$"))
    voisine.go_back()
    rejoindre(voisine, "20", "1")
    troisieme = ouvrir(referent("Le Jardin", vichy))
    troisieme.goto(mise.get_absolute_url())
    rejoindre(troisieme, "90")
    troisieme.get_by_text("Changer la quantité, ou quitter").click()
    troisieme.get_by_label("Quantité").fill("10")
    bouton(troisieme, "Changer ma part").click()
    expect(troisieme.get_by_role("img", name="42 sur 40 ramettes : le minimum est atteint")).to_be_visible()
    assert Courriel.objects.filter(gabarit="mise_pilote", sujet__startswith="C'est assez").count() == 1

    # Nine cases of five: the tolerances give the three that lack.
    page.get_by_role("link", name="La page que voient les autres").click()
    page.get_by_role("link", name="Piloter").click()
    titre(page, "Passer la commande")
    expect(page.get_by_text("45 ramettes à commander")).to_be_visible()
    expect(page.get_by_label("Prix de l'unité convenu (€)")).to_have_value("4,20")
    page.get_by_label("Frais de livraison en tout (€)").fill("10")
    bouton(page, "Noter la commande").click()

    # Three came short, and the bill is not what was said.
    titre(page, "Noter ce qui arrive")
    page.get_by_label("Quantité arrivée").fill("42")
    page.get_by_label("Prix de l'unité facturé (€)").fill("4,17")
    bouton(page, "Noter la réception et envoyer les comptes").click()
    titre(page, "Noter les règlements")
    mise.refresh_from_db()
    assert sum(part.du for part in mise.parts.all()) == Decimal("42") * Decimal("4.17") + 10
    troisieme.reload()
    expect(troisieme.get_by_text("À régler", exact=True)).to_be_visible()
    with page.expect_download() as fichier:
        page.get_by_role("link", name="Feuille à imprimer (PDF)").click()
    assert fichier.value.suggested_filename.endswith(".pdf")

    for nom in ("Le Foyer rural", "Le Jardin"):
        bouton(page, f"Noter réglé : {nom}").click()
        expect(bouton(page, f"Annuler le règlement de {nom}")).to_be_visible()
    titre(page, "Solder l'achat")
    bouton(page, "Solder l'achat").click()
    expect(page.get_by_text("L'achat est soldé")).to_be_visible()
    voisine.goto("/offres-et-besoins/ensemble/")
    expect(voisine.get_by_role("heading", name="Terminés")).to_be_visible()
