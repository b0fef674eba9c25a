"""The month of a calendar, for each reader; the planning of a structure."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from ressources.agenda import FUSEAU, jours, minuit, plage
from ressources.presentation_calendrier import lire_mois, page_du_mois
from tests.factories import StructureFactory
from tests.factories.ressources import AnnonceFactory, CalendrierFactory, ReservationFactory

pytestmark = pytest.mark.django_db


def dans(nombre):
    return timezone.localdate() + timedelta(days=nombre)


@pytest.fixture
def prochain():
    """The first day of the month after next: all of it is to come."""
    return (dans(0).replace(day=1) + timedelta(days=63)).replace(day=1)


@pytest.fixture
def calendrier(structure):
    return CalendrierFactory(annonce=AnnonceFactory(structure=structure, titre="Barnum"))


def adresse(calendrier, mois=None, **plus):
    suite = "&".join(f"{cle}={valeur}" for cle, valeur in ({"mois": f"{mois:%Y-%m}"} if mois else {} | plus).items())
    return reverse("ressources:calendrier", args=[calendrier.annonce_id]) + (f"?{suite}" if suite else "")


def du(premier, debut, fin):
    return jours(premier.replace(day=debut), premier.replace(day=fin))


def tenue(calendrier, periode, etat="confirmee", blocage=None, **valeurs):
    return ReservationFactory(
        calendrier=calendrier, periode=periode, blocage=blocage or periode, etat=etat, **valeurs
    )  # fmt: skip


def cases(calendrier, premier, utilisateur=None, gere=False, maison=False):
    page = page_du_mois(
        calendrier, premier, utilisateur=utilisateur or AnonymousUser(), gere=gere, maison=maison
    )  # fmt: skip
    return {case.date.day: case for case in page.cases}


@pytest.mark.parametrize(
    "texte",
    ["", "2027-13", "2027-00", "0000-01", "9999-12", "1900-01", "2027-3", "\u0662\u0660\u0662\u0667-01", "2027-1-1"],
)  # fmt: skip
def test_no_month_is_this_month(texte, client, calendrier):
    assert lire_mois(texte) == dans(0).replace(day=1)
    assert client.get(adresse(calendrier) + "?mois=" + texte[:50]).status_code == 200


def test_months_are_bounded(client, calendrier):
    ici = dans(0).replace(day=1)
    loin = date(ici.year + 2, ici.month, 1)
    avant = date(ici.year - 1, ici.month, 1)
    assert (lire_mois(f"{loin:%Y-%m}"), lire_mois(f"{avant:%Y-%m}")) == (loin, avant)
    assert lire_mois(f"{loin + timedelta(days=31):%Y-%m}") == ici
    dernier = client.get(adresse(calendrier, loin)).content.decode()
    assert ('rel="prev"' in dernier, 'rel="next"' in dernier) == (True, False)
    premier = client.get(adresse(calendrier, avant)).content.decode()
    assert ('rel="prev"' in premier, 'rel="next"' in premier) == (False, True)


def test_a_stranger_reads_taken_the_house_reads_who(client, calendrier, prochain, referent, membre, etranger):
    tenue(calendrier, du(prochain, 10, 11), structure__nom="La Fanfare secrète")
    tenue(calendrier, du(prochain, 20, 20), "demandee", structure__nom="Le Bal secret")
    lui = tenue(calendrier, du(prochain, 15, 15), structure=etranger.rattachements.get().structure)
    page = client.get(adresse(calendrier, prochain)).content.decode()
    assert "secr" not in page
    assert lui.structure.nom not in page
    assert len(re.findall(r"<b>\d+</b> pris", page)) == 3
    client.force_login(etranger)
    page = client.get(adresse(calendrier, prochain)).content.decode()
    assert "secr" not in page
    assert "votre réservation" in page
    assert lui.get_absolute_url() in page
    for personne in (membre, referent):
        client.force_login(personne)
        page = client.get(adresse(calendrier, prochain)).content.decode()
        assert "La Fanfare secrète" in page
        assert "Le Bal secret, demandé" in page


def test_each_free_day_leads_to_booking_and_no_other(calendrier, prochain):
    tenue(calendrier, du(prochain, 10, 11))
    calendrier.fermetures.create(genre="panne", periode=du(prochain, 14, 14), motif="Toit")
    calendrier.fermetures.create(genre="avis", periode=du(prochain, 16, 16), motif="Sans lests")
    vues = cases(calendrier, prochain)
    reserver = reverse("ressources:reserver", args=[calendrier.annonce_id])
    assert {jour for jour, case in vues.items() if not case.lien} == {10, 11, 14}
    assert vues[9].lien == f"{reserver}?du={prochain.replace(day=9).isoformat()}"
    assert (vues[9].mot, vues[10].mot, vues[14].mot, vues[16].mot) == ("libre", "pris", "fermé", "libre")
    assert (vues[14].details, vues[16].details) == (["Toit"], ["avis : Sans lests"])


def test_the_house_has_other_gestures(client, calendrier, prochain, membre, referent):
    assert {c.lien for c in cases(calendrier, prochain, membre, maison=True).values()} == {""}
    vue = cases(calendrier, prochain, referent, gere=True, maison=True)[9]
    fermer = reverse("ressources:fermeture_creer", args=[calendrier.annonce_id])
    assert (vue.lien, vue.geste) == (f"{fermer}?du={prochain.replace(day=9).isoformat()}", "fermer ce jour")
    client.force_login(referent)
    assert f'value="{prochain.replace(day=9).isoformat()}"' in client.get(vue.lien).content.decode()


def test_notice_horizon_and_closed_calendars(calendrier, prochain):
    calendrier.preavis_jours, calendrier.horizon_jours = (prochain - dans(0)).days + 4, (prochain - dans(0)).days + 9
    vues = cases(calendrier, prochain)
    assert {jour for jour, case in vues.items() if case.lien} == set(range(5, 11))
    assert (vues[4].details, vues[11].details) == (["trop tard pour demander"], ["trop tôt pour demander"])
    calendrier.actif = False
    assert not any(case.lien or case.details for case in cases(calendrier, prochain).values())


def test_a_day_that_the_buffer_forbids_says_so(client, calendrier, prochain, etranger):
    calendrier.battement_heures = 24
    calendrier.save()
    tenue(calendrier, du(prochain, 10, 11), blocage=du(prochain, 10, 12))
    vues = cases(calendrier, prochain)
    assert [(vues[j].mot, bool(vues[j].lien)) for j in (8, 9, 12, 13)] == [
        ("libre", True), ("trop juste", False), ("pris", False), ("libre", True),
    ]  # fmt: skip


def test_hours_of_a_shared_day(prochain):
    calendrier = CalendrierFactory(pas="heure", annonce__nature="local")
    matin, midi, soir = (minuit(prochain.replace(day=12)) + timedelta(hours=h) for h in (9, 12, 18.5))
    tenue(calendrier, plage(matin, midi))
    tenue(calendrier, plage(soir, soir + timedelta(hours=12)))
    calendrier.fermetures.create(periode=plage(midi, midi + timedelta(hours=1)), motif="Ménage")
    vues = cases(calendrier, prochain)
    assert vues[12].mot == "en partie pris"
    assert [d.replace("\u00a0", " ") for d in vues[12].details] == [
        "pris de 9 h à 12 h", "pris à partir de 18 h 30", "fermé de 12 h à 13 h : Ménage",
    ]  # fmt: skip
    assert vues[12].lien
    assert [d.replace("\u00a0", " ") for d in vues[13].details] == ["pris jusqu'à 6 h 30"]


def test_a_pool_says_how_many_are_left(prochain):
    calendrier = CalendrierFactory(genre="pool", capacite=100)
    tenue(calendrier, du(prochain, 5, 6), quantite=80)
    tenue(calendrier, du(prochain, 6, 6), quantite=20)
    vues = cases(calendrier, prochain)
    assert [(vues[j].mot, vues[j].reste, bool(vues[j].lien)) for j in (4, 5, 6)] == [
        ("libre", "reste 100 sur 100", True), ("en partie pris", "reste 20 sur 100", True),
        ("pris", "reste 0 sur 100", False),
    ]  # fmt: skip


@pytest.mark.parametrize("jour", [date(2027, 3, 28), date(2027, 10, 31)])
def test_days_when_the_time_changes(jour, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *a: date(2027, 1, 5))
    calendrier = CalendrierFactory(annonce__expire_le=date(2028, 1, 1))
    tenue(calendrier, jours(jour, jour))
    vues = cases(calendrier, jour.replace(day=1))
    assert [n for n, case in vues.items() if case.mot != "libre"] == [jour.day]
    assert minuit(jour).astimezone(FUSEAU).date() == jour


def test_past_days_are_not_said_to_be_free(calendrier):
    vues = cases(calendrier, (dans(0).replace(day=1) - timedelta(days=1)).replace(day=1))
    assert {case.mot for case in vues.values()} == {"passé"}
    assert len(vues) >= 28
    assert min(cases(calendrier, dans(0).replace(day=1))) == dans(0).day


def test_a_table_with_scoped_headers_or_a_list(client, calendrier, prochain):
    tableau = client.get(adresse(calendrier, prochain) + "&vue=mois").content.decode()
    assert tableau.count('<th scope="col"') == 8
    assert tableau.count('<th scope="row"') == len(re.findall(r"<tr>", tableau)) - 1
    assert "<caption" in tableau
    assert 'class="mois-liste"' not in tableau
    liste = client.get(adresse(calendrier, prochain) + "&vue=liste").content.decode()
    assert "<table" not in liste
    assert "vue=liste" in re.search(r'rel="next" href="([^"]+)"', liste)[1]
    assert len(re.findall(r'<li class="jour ', liste)) == len(cases(calendrier, prochain))
    les_deux = client.get(adresse(calendrier, prochain) + "&vue=autre").content.decode()
    assert ("si-etroit" in les_deux, "si-large" in les_deux) == (True, True)


def test_without_a_calendar_or_before_publication_there_is_no_page(client, structure, referent):
    sans = AnnonceFactory(structure=structure)
    assert client.get(reverse("ressources:calendrier", args=[sans.pk])).status_code == 404
    client.force_login(referent)
    assert "Ouvrir les réservations" in client.get(sans.get_absolute_url()).content.decode()


@pytest.mark.parametrize("nombre", [1, 15])
def test_a_month_costs_the_same_whatever_it_holds(
    client, calendrier, prochain, referent, etranger, nombre, django_assert_num_queries
):
    for rang in range(nombre):
        tenue(calendrier, du(prochain, rang + 1, rang + 1))
        calendrier.fermetures.create(genre="avis", periode=du(prochain, rang + 1, rang + 1))
    for vue in ("mois", "liste"):
        with django_assert_num_queries(4):
            client.get(adresse(calendrier, prochain) + f"&vue={vue}")
    client.force_login(etranger)
    client.get(adresse(calendrier, prochain))
    with django_assert_num_queries(9):
        client.get(adresse(calendrier, prochain))
    client.force_login(referent)
    client.get(adresse(calendrier, prochain))
    with django_assert_num_queries(8):
        client.get(adresse(calendrier, prochain))


def test_the_planning_shows_all_that_a_structure_lends(client, structure, calendrier, prochain, membre):
    tables = CalendrierFactory(annonce=AnnonceFactory(structure=structure, titre="Tables"), genre="pool", capacite=9)
    tenue(calendrier, du(prochain, 3, 4), structure__nom="La Fanfare")
    tenue(tables, du(prochain, 8, 8), quantite=9, structure__nom="Le Bal")
    tables.fermetures.create(periode=du(prochain, 20, 21), motif="Inventaire")
    CalendrierFactory(annonce=AnnonceFactory(structure=StructureFactory(), titre="Ailleurs"))
    client.force_login(membre)
    page = client.get(
        reverse("ressources:planning", args=[structure.slug]) + f"?mois={prochain:%Y-%m}"
    ).content.decode()
    assert re.findall(r'<th scope="row"><a[^>]*>(\w+)</a>', page) == ["Barnum", "Tables"]
    assert "Ailleurs" not in page
    assert page.count("pris, La Fanfare") == 2
    assert page.count("pris, Le Bal (9)") == 1
    assert "Inventaire" in page


@pytest.mark.parametrize("nombre", [1, 8])
def test_the_planning_costs_the_same_whatever_is_lent(
    client, structure, membre, prochain, nombre, django_assert_num_queries
):
    for _ in range(nombre):
        un = CalendrierFactory(annonce__structure=structure)
        tenue(un, du(prochain, 3, 4))
        un.fermetures.create(periode=du(prochain, 8, 8))
    client.force_login(membre)
    url = reverse("ressources:planning", args=[structure.slug]) + f"?mois={prochain:%Y-%m}"
    client.get(url)
    with django_assert_num_queries(8):
        client.get(url)
