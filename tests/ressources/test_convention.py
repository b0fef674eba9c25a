"""The loan agreement: what it says, in a PDF that a screen reader reads."""

import io
from datetime import date, datetime

import page
import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from pole_ess.socle.models import ReglagesPole
from ressources.agenda import FUSEAU, jours, plage
from ressources.documents.convention import CAUTION, donnees
from tests.factories import CommuneFactory, RattachementFactory, StructureFactory
from tests.factories.ressources import AnnonceFactory, CalendrierFactory, ReservationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reservation():
    commune = CommuneFactory(code="03310", nom="Vichy", codes_postaux=["03200"])
    preteur = StructureFactory(
        nom='Le #Moulin *[partagé]', commune=commune, adresse="3 rue \"Neuve\" $1", rna="W031000001"
    )  # fmt: skip
    annonce = AnnonceFactory(structure=preteur, titre="Barnum pliant", caution=150, etat_materiel="bon")
    return ReservationFactory(
        calendrier=CalendrierFactory(annonce=annonce, consignes="Au dépôt.\nAvant 18 h."),
        structure=StructureFactory(nom="La Fanfare", commune=None),
        periode=jours(date(2027, 3, 26), date(2027, 3, 28)), caution=150, etat="confirmee", message="Bal",
    )  # fmt: skip


def dites(reservation, **plus):
    return donnees(reservation, pole=ReglagesPole.actuels(), **plus)


def accords(reservation, **plus):
    return dict(dites(reservation, **plus)["accords"])


def test_it_says_who_what_when_and_how_much(reservation):
    dit = dites(reservation)
    assert dit["titre"] == "Convention de prêt : Barnum pliant"
    assert [p["nom"] for p in dit["parties"]] == ["Le #Moulin *[partagé]", "La Fanfare"]
    assert dit["parties"][0]["coordonnees"].endswith('3 rue "Neuve" $1\n03200 Vichy\nRNA W031000001')
    assert accords(reservation) == {
        "Objet": "Barnum pliant",
        "Quantité": "1",
        "État annoncé": reservation.calendrier.annonce.get_etat_materiel_display(),
        "Lieu": "Vichy",
        "Retrait": "Vendredi 26 mars 2027",
        "Retour": "Dimanche 28 mars 2027, au plus tard à la fermeture",
        "Prix": "Gratuit",
        "Caution": "150\u00a0€",
        "Usage prévu": "Bal",
    }
    assert dit["consignes"] == "Au dépôt.\nAvant 18 h."
    assert dit["engagements"][-1] == CAUTION
    assert (dit["constat_depart"], dit["constat_retour"]) == ("", "")


def test_hours_price_and_condition(reservation):
    annonce = reservation.calendrier.annonce
    annonce.mode, annonce.prix, annonce.prix_unite = "location", 12, "heure"
    reservation.periode = plage(datetime(2027, 3, 26, 14, 30, tzinfo=FUSEAU), datetime(2027, 3, 26, 17, tzinfo=FUSEAU))
    reservation.caution, reservation.quantite, reservation.quantite_rendue = None, 2, 1
    reservation.rendue_le, reservation.etat_retour, reservation.constat_retour = timezone.now(), "abime", "Un pied."
    dit = accords(reservation, estimation="3 heures à 12 € : 36 €")
    assert dit["Dates"].replace("\u00a0", " ") == "Le vendredi 26 mars 2027, de 14 h 30 à 17 h"
    assert "Retrait" not in dit
    assert dit["Caution"] == "Sans caution"
    assert dit["Prix"].endswith("\nSoit, pour ces dates : 3 heures à 12 € : 36 €")
    assert CAUTION not in dites(reservation)["engagements"]
    assert dites(reservation)["titre"].startswith("Convention de location")
    assert dites(reservation)["constat_retour"] == "Abîmé\nRendu : 1 sur 2\nUn pied."
    reservation.prix_convenu = 30
    assert accords(reservation)["Prix"] == "30\u00a0€"


def genres(noeud):
    """The structure types of the tree, in reading order."""
    for enfant in noeud if isinstance(noeud, pikepdf.Array) else [noeud]:
        if isinstance(enfant, pikepdf.Dictionary) and "/S" in enfant:
            yield str(enfant.S)
            if "/K" in enfant:
                yield from genres(enfant.K)


@pytest.mark.parametrize("etat", ["confirmee", "rendue"])
def test_the_pdf_is_accessible_and_private(client, reservation, etat):
    maintenant = timezone.now()
    type(reservation).objects.update(etat=etat, remise_le=maintenant, rendue_le=maintenant, etat_retour="conforme")
    client.force_login(RattachementFactory(structure=reservation.structure, role="membre").utilisateur)
    reponse = client.get(reverse("ressources:convention", args=[reservation.pk]))
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["Content-Disposition"] == f'attachment; filename="convention-{reservation.pk}-barnum-pliant.pdf"'
    assert reponse["Cache-Control"] == "private, no-store"
    bilan = page.validate_pdf_bytes(reponse.content, profile=page.ValidationProfile.PDF_UA_1)
    assert bilan.is_compliant, list(bilan.failures)
    with pikepdf.open(io.BytesIO(reponse.content)) as pdf:
        assert (str(pdf.Root.Lang), str(pdf.docinfo.Title)) == ("fr-FR", "Convention de prêt : Barnum pliant")
        vus = list(genres(pdf.Root.StructTreeRoot.K))
    assert vus.count("/Table") == 2
    assert vus.count("/TH") == 4
    assert vus.count("/H1") == 7
    assert vus.count("/H2") == 2
    assert vus.count("/LI") == 6


def test_the_booking_s_page_leads_to_it_once_it_is_confirmed(client, reservation):
    client.force_login(RattachementFactory(structure=reservation.structure, role="membre").utilisateur)
    lien = reverse("ressources:convention", args=[reservation.pk])
    assert lien in client.get(reservation.get_absolute_url()).content.decode()
    type(reservation).objects.update(etat="demandee")
    assert lien not in client.get(reservation.get_absolute_url()).content.decode()
    assert client.get(lien).status_code == 404
