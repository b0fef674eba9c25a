"""A poll answered by its link without JavaScript; the warning of the same day while an event is being typed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from reunions.models import ChoixDate, Evenement
from tests.factories import CommuneFactory, RattachementFactory
from tests.factories.reunions import EvenementFactory, SondageFactory

pytestmark = pytest.mark.django_db(transaction=True)
PARIS = ZoneInfo("Europe/Paris")


def test_un_sondage_se_remplit_par_son_lien_sans_javascript(ouvrir):
    sondage = SondageFactory()
    for jour in (12, 13):
        sondage.dates.create(debut=datetime(2099, 3, jour, 18, tzinfo=PARIS))
    page = ouvrir(javascript=False, taille=(320, 700))
    page.goto(sondage.get_absolute_url())
    page.get_by_label("Votre nom, ou celui de votre structure").fill("Lou")
    for date, mot in [("Jeudi 12 mars 2099 à 18 h", "Oui"), ("Vendredi 13 mars 2099 à 18 h", "Si besoin")]:
        page.get_by_role("group", name=date).get_by_label(mot, exact=True).check()
    page.get_by_role("button", name="Envoyer ma réponse").click()
    page.get_by_text("Merci, c'est noté.").wait_for()
    assert list(ChoixDate.objects.order_by("date__debut").values_list("valeur", flat=True)) == ["oui", "si_besoin"]


def test_le_formulaire_dit_ce_qui_tombe_le_meme_jour_puis_publie(ouvrir):
    vichy = CommuneFactory(code="03310", nom="Vichy", latitude=46.127, longitude=3.425)
    EvenementFactory(titre="Le grand bal", debut=datetime(2099, 3, 12, 18, tzinfo=PARIS), commune=vichy)
    referent = RattachementFactory(role="referent").utilisateur
    page = ouvrir(referent)
    page.goto("/rencontres/evenements/proposer/")
    page.get_by_label("Titre").fill("Contes d'hiver")
    page.get_by_label("Jour", exact=True).fill("2099-03-12")
    page.get_by_label("Commune").fill("Vichy")
    page.get_by_label("Commune").press("Tab")
    page.locator("#proches").get_by_text("Le grand bal").wait_for()
    page.get_by_role("button", name="Publier l'événement").click()
    page.get_by_role("heading", name="Contes d'hiver").wait_for()
    assert Evenement.objects.filter(titre="Contes d'hiver", commune=vichy).count() == 1
