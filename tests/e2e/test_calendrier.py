"""The month of a calendar with the keyboard alone, with scripts and without; the list on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ressources.agenda import jours
from tests.factories import RattachementFactory, StructureFactory
from tests.factories.ressources import AnnonceFactory, CalendrierFactory, ReservationFactory

from .test_clavier import aller_a

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def mois():
    """The first day of the month after next."""
    return (timezone.localdate().replace(day=1) + timedelta(days=63)).replace(day=1)


@pytest.fixture
def adresse(mois):
    """A calendar where the 10th and 11th are taken; its month."""
    calendrier = CalendrierFactory(annonce=AnnonceFactory(titre="Barnum pliant"))
    pris = jours(mois.replace(day=10), mois.replace(day=11))
    ReservationFactory(calendrier=calendrier, etat="confirmee", periode=pris)
    return f"/offres-et-besoins/{calendrier.annonce_id}/calendrier/?mois={mois:%Y-%m}"


@pytest.fixture
def emprunteur():
    return RattachementFactory(structure=StructureFactory(nom="La Fanfare"), role="referent").utilisateur


def jour_du_focus(page) -> str:
    return page.evaluate("document.activeElement.getAttribute('data-jour') || ''")


@pytest.mark.parametrize("javascript", [True, False], ids=["avec", "sans"])
def test_from_the_calendar_to_a_request_with_the_keyboard(ouvrir, adresse, mois, emprunteur, javascript):
    page = ouvrir(emprunteur, javascript=javascript)
    page.goto(adresse)
    suivant = page.locator('[rel="next"]').inner_text().split(",")[0].strip()
    aller_a(page, suivant)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**?mois={mois + timedelta(days=31):%Y-%m}")
    page.goto(adresse)
    aller_a(page, "1 libre")
    vus = [jour_du_focus(page)] if javascript else []
    for _ in range(9):  # past the 10th and 11th, which are taken: the tenth stop is the 12th
        page.keyboard.press("Tab")
    focus = page.locator(":focus")
    assert focus.get_attribute("data-jour") == mois.replace(day=12).isoformat()
    assert "réserver" in focus.inner_text()
    assert vus in ([], [mois.isoformat()])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/reserver/?du={mois.replace(day=12).isoformat()}")
    aller_a(page, "Envoyer la demande")
    page.keyboard.press("Enter")
    page.wait_for_url("**/reservations/*/")
    assert page.get_by_text("Réservation le").inner_text().startswith("Réservation le ")
    page.goto(adresse)
    assert page.locator("td a", has_text="votre demande").count() == 1


def test_arrows_go_from_day_to_day_past_those_that_are_taken(ouvrir, adresse, mois):
    page = ouvrir()
    page.goto(adresse)
    page.locator(f'[data-jour="{mois.replace(day=9).isoformat()}"]').focus()
    etapes = []
    for touche in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "ArrowDown"):
        page.keyboard.press(touche)
        etapes.append(int(jour_du_focus(page)[-2:]))
    assert etapes == [12, 9, 2, 9, 16]
    page.locator(f'[data-jour="{mois.isoformat()}"]').focus()
    page.keyboard.press("ArrowLeft")  # nowhere to go: the focus stays
    assert jour_du_focus(page) == mois.isoformat()


def test_a_phone_reads_a_list_and_may_ask_for_the_table(ouvrir, adresse):
    page = ouvrir(taille=(320, 700), javascript=False)
    page.goto(adresse)
    assert page.locator(".mois-liste").is_visible()
    assert not page.locator("table.mois").is_visible()
    page.get_by_role("link", name="En tableau").click()
    assert page.locator("table.mois").is_visible()
    depassement = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(depassement) <= 0
    page = ouvrir(taille=(1280, 900))
    page.goto(adresse)
    assert (page.locator("table.mois").is_visible(), page.locator(".mois-liste").is_visible()) == (True, False)
    assert page.get_by_role("columnheader", name="Lundi").count() == 1


def test_what_becomes_of_bookings_is_asked_then_done(ouvrir, adresse, mois):
    from ressources.models import Annonce, Reservation

    annonce = Annonce.objects.get(titre="Barnum pliant")
    page = ouvrir(RattachementFactory(structure=annonce.structure, role="referent").utilisateur, javascript=False)
    page.goto(adresse)
    page.locator(f'[href$="du={mois.replace(day=9).isoformat()}"]:visible').click()
    page.get_by_label("Panne ou réparation").check()
    page.get_by_label("Au (facultatif)").fill(mois.replace(day=12).isoformat())
    page.get_by_label("Raison (facultatif)").fill("Toit déchiré")
    page.get_by_role("button", name="Fermer ces dates").click()
    assert "1 réservation confirmée tombe à ces dates" in page.locator("#erreurs").inner_text()
    assert page.get_by_label("Annuler et prévenir par e-mail").is_checked()
    page.get_by_role("button", name="Fermer ces dates").click()
    page.wait_for_url("**/calendrier/")
    assert "ne se réservent plus" in page.get_by_role("status").inner_text()
    assert Reservation.objects.get().motif == "Panne, réparation : Toit déchiré."
