"""The shared agenda: what shows, filters, the month, feeds."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.urls import reverse
from django.utils import timezone

from reunions.calendrier import proches
from reunions.calendrier.entrees import jours_de
from reunions.calendrier.mois import Mois
from reunions.models import Evenement
from reunions.templatetags.rencontres import quand
from tests.factories import CommuneFactory, StructureFactory
from tests.factories.reunions import EvenementFactory, ReunionFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
LISTE, MOIS = "/rencontres/", "/rencontres/mois/"


def dans(jours, heure=20):
    return timezone.localtime(timezone.now() + timedelta(days=jours)).replace(hour=heure, minute=0, second=0)


def titres(client, url):
    return re.findall(r'<a href="/rencontres/[^"]*">([^<]+)</a></h3>', client.get(url).content.decode())


@pytest.fixture
def vichy(db):
    return CommuneFactory(code="03310", nom="Vichy", latitude=46.127, longitude=3.425)


@pytest.fixture
def moulins(db):
    """50 km away."""
    return CommuneFactory(code="03190", nom="Moulins", latitude=46.565, longitude=3.333)


def test_list_shows_what_is_to_come_soonest_first_meetings_and_events_together(client):
    EvenementFactory(titre="Dans trois jours", debut=dans(3))
    ReunionFactory(titre="Dans deux jours", debut=dans(2))
    EvenementFactory(titre="Annulé demain", debut=dans(1), etat="annule")
    EvenementFactory(titre="Hier", debut=dans(-2))
    ReunionFactory(titre="Tenue", debut=dans(-5), etat="tenue")
    for etat in ["brouillon", "a_valider", "a_corriger", "refuse", "archive"]:
        EvenementFactory(titre=f"Caché {etat}", etat=etat)
    EvenementFactory(titre="D'une fiche cachée", structure__etat="archivee")
    ReunionFactory(titre="Brouillon", etat="brouillon")
    ReunionFactory(titre="Jamais annoncée", etat="annulee", annoncee_le=None)
    assert titres(client, LISTE) == ["Annulé demain", "Dans deux jours", "Dans trois jours"]
    assert titres(client, f"{LISTE}?passees=1") == ["Hier", "Tenue"]


def test_what_has_no_end_stays_until_its_day_is_over(client):
    debut = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    EvenementFactory(titre="Ce matin", debut=debut, fin=None)
    assert titres(client, LISTE) == ["Ce matin"]


def test_members_and_guests_see_more(client, membre, animateur):
    ReunionFactory(titre="Pour les membres", audience="membres", debut=dans(1))
    ReunionFactory(titre="Sur invitation", audience="invites", debut=dans(2))
    assert titres(client, LISTE) == []
    client.force_login(membre)
    assert titres(client, LISTE) == ["Pour les membres"]
    client.force_login(animateur)
    assert titres(client, LISTE) == ["Pour les membres", "Sur invitation"]


def test_filters_by_type_words_place_and_period(client, vichy, moulins):
    ReunionFactory(titre="Forum du pôle", genre="forum", debut=dans(2), commune=moulins)
    EvenementFactory(titre="Forum des assos", genre="forum", debut=dans(3), commune=vichy)
    EvenementFactory(titre="Été en fête", genre="festival", debut=dans(30), commune=vichy, lieu="Halle")
    for requete, attendus in [
        ("?type=forum", ["Forum des assos"]),
        ("?type=pole-forum", ["Forum du pôle"]),
        ("?type=forum&type=pole-forum", ["Forum du pôle", "Forum des assos"]),
        ("?type=inconnu", ["Forum du pôle", "Forum des assos", "Été en fête"]),
        ("?q=ete", ["Été en fête"]),
        ("?q=halle+fete", ["Été en fête"]),
        ("?q=100%25", []),
        ("?commune=03310&km=20", ["Forum des assos", "Été en fête"]),
        ("?autour=moulins&km=20", ["Forum du pôle"]),
        (f"?du={dans(10):%d/%m/%Y}", ["Été en fête"]),
        (f"?au={dans(2):%Y-%m-%d}", ["Forum du pôle"]),
        (f"?du={dans(10):%Y-%m-%d}&au={dans(1):%Y-%m-%d}", ["Forum du pôle", "Forum des assos"]),
    ]:
        assert titres(client, LISTE + requete) == attendus, requete


def test_each_state_has_one_canonical_url_and_links_that_remove_a_filter(client, vichy, settings):
    texte = client.get(f"{LISTE}?km=20&type=forum&q=bal&autour=Vichy&page=1").content.decode()
    assert f'{settings.PORTAIL_URL}/rencontres/?q=bal&amp;commune=03310&amp;km=20&amp;type=forum">' in texte
    assert 'href="?commune=03310&amp;km=20&amp;type=forum"' in texte
    assert 'href="?q=bal&amp;commune=03310&amp;km=20"' in texte


def test_htmx_gets_the_results_only(client):
    texte = client.get(LISTE, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in texte
    assert 'hx-swap-oob="innerHTML:#compte"' in texte


@pytest.mark.parametrize("requete", ["?mois=2027-13", "?mois=9999-99", "?mois=0000-01", "?page=9999999999"])
def test_odd_addresses_show_a_page(client, requete):
    assert client.get(MOIS + requete).status_code == 200
    assert client.get(LISTE + requete).status_code == 200


def test_month_is_a_table_with_its_list(client):
    fin = datetime(2099, 4, 1, tzinfo=PARIS)
    EvenementFactory(titre="Deux jours", debut=datetime(2099, 3, 30, 10, tzinfo=PARIS), fin=fin)
    ReunionFactory(titre="Le premier", debut=datetime(2099, 3, 1, 18, 30, tzinfo=PARIS))
    EvenementFactory(titre="En avril", debut=datetime(2099, 4, 2, 10, tzinfo=PARIS))
    texte = client.get(f"{MOIS}?mois=2099-03&type=spectacle").content.decode()
    assert "Le premier" not in texte
    texte = client.get(f"{MOIS}?mois=2099-03").content.decode()
    assert (texte.count("Deux jours"), "En avril" in texte) == (4, False)  # two days, table and list
    assert '<span class="heure">18\u00a0h\u00a030</span> Le premier' in texte
    assert ("?mois=2099-02" in texte, "?mois=2099-04" in texte) == (True, True)
    assert "<caption" in texte


def test_month_ends_where_the_years_end():
    assert Mois.construire(date(2100, 12, 1), lambda du, au: []).suivant is None
    assert Mois.construire(date(2000, 1, 1), lambda du, au: []).precedent is None


@pytest.mark.parametrize("compte", [1, 6])
def test_queries_are_constant(client, django_assert_num_queries, compte):
    for _ in range(compte):
        EvenementFactory(debut=dans(3))
        ReunionFactory(debut=dans(4), structure_hote=StructureFactory())
    for adresse, requetes in [(LISTE, 5), (f"{MOIS}?mois={dans(3):%Y-%m}", 4), (reverse("reunions:flux"), 3)]:
        client.get(adresse)
        with django_assert_num_queries(requetes):
            client.get(adresse)


# -- feeds


def test_calendar_feed_holds_the_filtered_public_lines_and_answers_304(client):
    ete = EvenementFactory(titre="Été", debut=datetime(2099, 7, 1, 20, 30, tzinfo=PARIS), genre="festival")
    hiver = EvenementFactory(titre="Hiver", debut=datetime(2099, 1, 5, 20, 30, tzinfo=PARIS), genre="festival")
    EvenementFactory(titre="Autre", genre="sport")
    ReunionFactory(titre="Membres", audience="membres")
    reponse = client.get(reverse("reunions:flux_ics") + "?type=festival")
    agenda = vobject.readOne(reponse.content.decode())
    par_titre = {e.summary.value: e for e in agenda.vevent_list}
    assert set(par_titre) == {"Été", "Hiver"}
    # The same clock time, on both sides of the change of hour.
    assert par_titre["Été"].dtstart.value.astimezone(PARIS).hour == 20
    assert (par_titre["Été"].dtstart.value.hour, par_titre["Hiver"].dtstart.value.hour) == (18, 19)
    assert (par_titre["Été"].dtstart.value, par_titre["Hiver"].dtstart.value) == (ete.debut, hiver.debut)
    encore = client.get(reverse("reunions:flux_ics") + "?type=festival", headers={"If-None-Match": reponse["ETag"]})
    assert encore.status_code == 304
    Evenement.objects.filter(pk=ete.pk).update(titre="Été indien")
    autre = client.get(reverse("reunions:flux_ics") + "?type=festival", headers={"If-None-Match": reponse["ETag"]})
    assert autre.status_code == 200


def test_whole_days_and_cancelled_lines_in_the_feed(client):
    EvenementFactory(
        titre="Festival",
        journee_entiere=True,
        debut=datetime(2099, 3, 28, tzinfo=PARIS),
        fin=datetime(2099, 3, 30, tzinfo=PARIS),
    )
    mai = datetime(2099, 5, 1, 20, tzinfo=PARIS)
    EvenementFactory(titre="Bal", etat="annule", motif="Orage", sequence=2, debut=mai)
    festival, bal = vobject.readOne(client.get(reverse("reunions:flux_ics")).content.decode()).vevent_list
    assert (festival.dtstart.value, festival.dtend.value) == (date(2099, 3, 28), date(2099, 3, 30))
    assert (bal.status.value, bal.summary.value, bal.sequence.value) == ("CANCELLED", "Annulé : Bal", "2")
    assert "Orage" in bal.description.value


def test_rss_has_the_last_announced_first_and_answers_304(client):
    EvenementFactory(titre="Ancien", publie_le=timezone.now() - timedelta(days=5), debut=dans(2))
    ReunionFactory(titre="Nouvelle \x0b", annoncee_le=timezone.now(), debut=dans(9))
    reponse = client.get(reverse("reunions:flux"))
    texte = reponse.content.decode()
    assert texte.index("Nouvelle") < texte.index("Ancien")
    assert "\x0b" not in texte
    assert client.get(reverse("reunions:flux"), headers={"If-None-Match": reponse["ETag"]}).status_code == 304


# -- words and neighbours


@pytest.mark.parametrize(
    ("debut", "fin", "entiere", "mots"),
    [
        ((2027, 3, 12, 18), (2027, 3, 12, 20, 30), False, "vendredi 12 mars 2027, de 18 h à 20 h 30"),
        ((2027, 3, 1, 9), None, False, "lundi 1er mars 2027 à 9 h"),
        ((2027, 3, 12), (2027, 3, 13), True, "vendredi 12 mars 2027, toute la journée"),
        ((2027, 3, 12), (2027, 3, 15), True, "du vendredi 12 mars 2027 au dimanche 14 mars 2027"),
    ],
)
def test_dates_in_words(debut, fin, entiere, mots):
    objet = Evenement(
        debut=datetime(*debut, tzinfo=PARIS), fin=datetime(*fin, tzinfo=PARIS) if fin else None, journee_entiere=entiere
    )
    assert quand(objet).replace("\u00a0", " ") == mots
    assert jours_de(objet)[0] == date(*debut[:3])


def test_what_happens_the_same_day_within_20_km(vichy, moulins):
    le_jour = datetime(2099, 3, 12, 20, tzinfo=PARIS)
    attendus = {
        EvenementFactory(debut=le_jour.replace(hour=1), commune=vichy).titre,
        EvenementFactory(debut=le_jour - timedelta(days=3), fin=le_jour + timedelta(days=1), commune=vichy).titre,
        ReunionFactory(debut=le_jour.replace(hour=9), commune=vichy).titre,
    }
    EvenementFactory(debut=le_jour, commune=moulins)
    EvenementFactory(debut=le_jour + timedelta(days=1), commune=vichy)
    EvenementFactory(debut=le_jour, commune=vichy, etat="a_valider")
    EvenementFactory(debut=le_jour, commune=vichy, etat="annule")
    ReunionFactory(debut=le_jour, commune=vichy, audience="invites")
    sien = EvenementFactory(debut=le_jour, commune=vichy)
    trouves = proches.du_meme_jour(debut=le_jour, commune=vichy, sauf=sien)
    assert {entree.objet.titre for entree in trouves} == attendus
    assert proches.du_meme_jour(debut=le_jour, commune=None) == []
