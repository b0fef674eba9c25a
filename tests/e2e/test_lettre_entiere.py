"""The whole life of a letter: somebody subscribes, the team writes and sends it, it is read, its reader leaves.

By links, buttons and accessible names alone. Nothing stands in for anything: the jobs are run by the worker in a
process of its own, mails go through a real SMTP server, and every link followed is read in the bytes that it got.
"""

import re
from datetime import timedelta
from urllib.request import urlopen

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from newsletter.models import Abonne, Desabonnement, Envoi, Numero
from tests.e2e import gestes_lettre as gestes
from tests.e2e.gestes_preparation import bouton, champ, dit, lien
from tests.factories import StructureFactory, UtilisateurFactory
from tests.factories.newsletter import AbonneFactory, EnvoiFactory, NumeroFactory
from tests.factories.ressources import BesoinFactory
from tests.factories.reunions import ReunionFactory
from tests.socle.conftest import receveur  # noqa: F401 - a fixture

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LEA, TOUT, MENSUELLE = "lea@example.org", "tout@example.org", "mensuelle@example.org"
SUJET, PLENIERE = "Trois salles et une plénière", "La plénière du pôle"
SALLE, CHAISES, GARAGE = "Une salle pour répéter", "Vingt chaises", "Un garage pour deux vélos"
TELEPHONE = (360, 740)


@pytest.fixture
def portail():
    """Three needs, a meeting, a reader of everything, one who has had this month's letter already."""
    structure = StructureFactory(nom="La Lanterne", etat="publiee")
    for titre, nature in [(GARAGE, "local"), (CHAISES, "materiel"), (SALLE, "local")]:
        BesoinFactory(titre=titre, nature=nature, structure=structure)
    ReunionFactory(titre=PLENIERE, audience="publique")
    AbonneFactory(courriel=TOUT)
    mensuelle = AbonneFactory(courriel=MENSUELLE, frequence="mensuelle")
    ancienne, il_y_a_peu = NumeroFactory(etat="en_cours", rang=1, prevus=1), timezone.now() - timedelta(days=9)
    EnvoiFactory(numero=ancienne, abonne=mensuelle, etat="parti", parti_le=il_y_a_peu)
    Numero.objects.filter(pk=ancienne.pk).update(
        etat="termine", cree_le=il_y_a_peu, lance_le=il_y_a_peu, termine_le=il_y_a_peu
    )


@pytest.fixture
def animateur(portail):
    return UtilisateurFactory(is_staff=True, groupes=["Animateurs"], email="equipe@example.org")


@pytest.fixture
def poste(receveur, live_server, settings, animateur):  # noqa: F811
    """The mail server, with the worker that sends through it."""
    with gestes.agent_des_taches(settings.EMAIL_PORT, live_server.url):
        yield receveur


def s_abonner(page, poste):
    gestes.demander_l_abonnement(page, LEA)
    confirmation = gestes.courriel_recu(poste, LEA, "abonnement")
    gestes.suivre(page, confirmation, "Confirmer mon abonnement")
    assert Abonne.objects.get(courriel=LEA).etat == "en_attente"
    bouton(page, "Confirmer mon abonnement").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes abonné à la lettre")
    abonnee = Abonne.objects.get(courriel=LEA)
    assert (abonnee.etat, abonnee.interets.natures) == ("confirme", ["local"])


def composer(page):
    """Filled in one click, then an item dropped, another moved, a subject, the team's own words."""
    gestes.preparer(page)
    assert gestes.titres(page, "Besoins") == [SALLE, CHAISES, GARAGE]
    assert gestes.titres(page, "Rencontres et événements") == [PLENIERE]
    bouton(page, f"Écarter : {CHAISES}").click()
    expect(gestes.bloc(page, "Besoins").get_by_text("1 élément écarté")).to_be_visible()
    assert gestes.titres(page, "Besoins") == [SALLE, GARAGE]
    bouton(page, f"Monter : {GARAGE}").click()
    expect(gestes.bloc(page, "Besoins").get_by_role("link").first).to_have_text(GARAGE)
    assert gestes.titres(page, "Besoins") == [GARAGE, SALLE]
    champ(page, "Sujet").fill(SUJET)
    page.get_by_role("textbox", name="Aperçu").fill("Des locaux à trouver")
    bouton(page, "Enregistrer le sujet et l'aperçu").click()
    dit(page, "Le sujet et l'aperçu sont enregistrés")


def se_faire_retenir(page, portail_url):
    """A link that says nothing and a picture named by its camera: each is refused in words, and mended."""
    gestes.ecrire_un_texte(page, "Édito", f"Bonjour à **toutes**. Cliquez [ici]({portail_url}/rencontres/).")
    gestes.joindre_une_image(page, "Édito", "IMG_0042")
    lien(page, "Revenir au texte").click()
    lien(page, "Vérifier et envoyer").last.click()
    for mots in ("« ici » ne dit pas où mène le lien", "Une image de « Édito » n'est pas décrite"):
        expect(page.get_by_role("listitem").filter(has_text=mots)).to_be_visible()
    expect(page.get_by_role("button", name="Envoyer maintenant")).to_have_count(0)
    page.get_by_role("link", name="Corriger : « ici » ne dit pas").click()
    gestes.corriger_le_texte(
        page, "Édito", f"Bonjour à **toutes**. Voyez [l'agenda des rencontres]({portail_url}/rencontres/)."
    )
    gestes.decrire_l_image(page, "Édito", "La grande salle, vide")


def regarder(page):
    """Wide, on a phone, dark, as text, then as Léa, whose choices leave out what is not for her."""
    lien(page, "Voir l'aperçu").click()
    mots = gestes.cadre(page).content_frame
    expect(mots.get_by_role("heading", name=PLENIERE)).to_be_visible()
    expect(mots.get_by_role("img", name="La grande salle, vide")).to_be_visible()
    assert gestes.cadre(page).bounding_box()["width"] > 600
    clair = _fond(mots)
    lien(page, "Téléphone").click()
    expect(mots.get_by_role("heading", name=GARAGE)).to_be_visible()
    assert gestes.cadre(page).bounding_box()["width"] == 360
    assert _deborde(mots) <= 0
    lien(page, "Thème sombre").click()
    expect(mots.get_by_role("heading", name=GARAGE)).to_be_visible()
    assert _fond(mots) != clair
    lien(page, "Texte seul").click()
    expect(page.get_by_role("region", name="La lettre en texte")).to_contain_text("l'agenda des rencontres (http")
    page.get_by_label("Comme la recevra un abonné").fill(LEA)
    bouton(page, "Voir").click()
    expect(page.get_by_text(f"Telle que la recevra {LEA}")).to_be_visible()
    seule = page.get_by_role("region", name="La lettre en texte")
    expect(seule).to_contain_text(GARAGE)
    expect(seule).not_to_contain_text(CHAISES)
    page.get_by_label("Comme la recevra un abonné").fill("personne@example.org")
    bouton(page, "Voir").click()
    expect(page.get_by_text("Cette adresse n'est pas abonnée")).to_be_visible()


def _fond(cadre) -> str:
    return cadre.locator("body").evaluate("corps => getComputedStyle(corps).backgroundColor")


def _deborde(cadre) -> int:
    return cadre.locator("html").evaluate("html => html.scrollWidth - html.clientWidth")


def essayer(page, poste):
    bouton(page, "Envoyer l'essai").click()
    dit(page, "L'essai part à equipe@example.org")
    essai = gestes.courriel_recu(poste, "equipe@example.org", SUJET)
    assert "Essai : seule votre adresse reçoit ce message" in gestes.texte(essai)
    assert GARAGE in gestes.texte(essai)
    assert not Envoi.objects.filter(numero__sujet=SUJET).exists()


def envoyer(page):
    """Asked for, told, confirmed; then the page follows by itself until it is over, and its figures add up."""
    lien(page, "Vérifier et envoyer").last.click()
    expect(page.get_by_text("Rien ne retient cette lettre")).to_be_visible()
    bouton(page, "Envoyer maintenant…").click()
    demande = page.get_by_role("region", name="Envoyer maintenant ?")
    for mots in (SUJET, "3 personnes abonnées", "Une lettre partie ne se rattrape pas", "suspendre l'envoi"):
        expect(demande).to_contain_text(mots)
    assert Numero.objects.get(sujet=SUJET).etat == "brouillon"
    bouton(page, "Oui, envoyer à 3 personnes").click()
    dit(page, "L'envoi commence dans quelques secondes")
    page.wait_for_function("() => document.body.innerText.includes('3 sur 3')", timeout=gestes.PATIENCE * 1000)
    expect(page.get_by_role("status").filter(has_text="3 sur 3")).to_contain_text("Terminé", timeout=30_000)
    comptes = gestes.comptes(page)
    total = comptes.pop("Destinataires")
    assert {mots: nombre for mots, nombre in comptes.items() if nombre} == {"Partis": 2, "Non envoyés": 1}
    assert total == sum(comptes.values()) == 3
    expect(page.get_by_text("a déjà reçu une lettre ce mois-ci (1)")).to_be_visible()


def lire_la_lettre(page, poste):
    """In the mailbox, then on line: there, nothing says whose letter it was."""
    lettre = gestes.courriel_recu(poste, LEA, SUJET)
    ecrit = gestes.texte(lettre)
    assert ecrit.index(GARAGE) < ecrit.index(SALLE)
    assert CHAISES not in ecrit
    assert not [pli for pli in poste.recus if pli.rcpt_tos == [MENSUELLE]]
    en_ligne = gestes.suivre(page, lettre, "Lire cette lettre en ligne")
    expect(page.get_by_role("heading", level=1)).to_have_text(SUJET)
    expect(page.get_by_role("link", name=GARAGE)).to_be_visible()
    expect(page.get_by_role("link", name="l'agenda des rencontres")).to_be_visible()
    tout = page.content()
    for personnel in (LEA, TOUT, Abonne.objects.get(courriel=LEA).jeton, _jeton(_sortie(lettre))):
        assert personnel not in tout
    return lettre, en_ligne


def _sortie(lettre) -> str:
    assert lettre["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return re.match(r"<(http[^>]+)>", lettre["List-Unsubscribe"])[1]


def _jeton(adresse) -> str:
    return adresse.rstrip("/").rsplit("/", 1)[-1]


def trouver_dans_l_archive(page, portail_url, en_ligne):
    page.goto("/lettre/")
    lien(page, SUJET).click()
    assert page.url == en_ligne
    with urlopen(f"{portail_url}/lettre/flux/") as flux:
        rss = flux.read().decode()
    assert f"<title>{SUJET}</title>" in rss
    assert f"<link>{en_ligne}</link>" in rss
    assert LEA not in rss


def partir(page, poste, ouvrir):
    """A GET of the header's link shows, a bare POST acts: 200, no redirect, whatever the form it is posted in."""
    lettre = gestes.courriel_recu(poste, LEA, SUJET)
    page.goto(_sortie(lettre))
    expect(page.get_by_role("button", name="Me désabonner")).to_be_visible()
    assert Abonne.objects.filter(courriel=LEA, etat="confirme").exists()
    for adresse, forme in zip((LEA, TOUT), gestes.UN_CLIC, strict=True):
        code, dite = gestes.poster_en_un_clic(_sortie(gestes.courriel_recu(poste, adresse, SUJET)), forme)
        assert code == 200
        assert "vous ne recevez plus la lettre" in dite
        assert not Abonne.objects.filter(courriel=adresse).exists()
    assert list(Desabonnement.objects.values_list("voie", flat=True)) == ["un_clic", "un_clic"]
    attendues = len(ouvrir.fautes)
    gestes.suivre(page, lettre, "Choisir ce que vous recevez")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cet abonnement est terminé")
    assert all("410 (Gone)" in faute for faute in ouvrir.fautes[attendues:])
    del ouvrir.fautes[attendues:]  # Chromium logs the page's own status


def test_the_whole_letter(ouvrir, live_server, poste, animateur):
    visiteur, equipe = ouvrir(taille=TELEPHONE), ouvrir(animateur)
    s_abonner(visiteur, poste)
    composer(equipe)
    se_faire_retenir(equipe, live_server.url)
    regarder(equipe)
    essayer(equipe, poste)
    envoyer(equipe)
    _, en_ligne = lire_la_lettre(visiteur, poste)
    trouver_dans_l_archive(visiteur, live_server.url, en_ligne)
    partir(visiteur, poste, ouvrir)
