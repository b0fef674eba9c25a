"""iCalendar feeds, read by another library than the one that writes them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.urls import reverse
from django.utils import timezone

from ressources.actions import calendriers as actions
from ressources.actions import reservations
from ressources.agenda import FUSEAU, jours, plage
from ressources.agenda.ical import Evenement, ecrire
from ressources.models import ReglagesStructure, Reservation
from tests.factories import StructureFactory, UtilisateurFactory
from tests.factories.ressources import AnnonceFactory, CalendrierFactory, ReservationFactory

pytestmark = pytest.mark.django_db
CREE = datetime(2027, 1, 5, 10, tzinfo=UTC)


def dans(nombre):
    return timezone.localdate() + timedelta(days=nombre)


def lu(octets) -> dict:
    """UID -> event, as vobject reads it."""
    (agenda,) = vobject.readComponents(octets.decode())
    return {e.uid.value: e for e in agenda.contents.get("vevent", [])}


def evenement(periode, **valeurs):
    return Evenement(**{"uid": "a@b", "titre": "T", "periode": periode, "cree_le": CREE, "modifie_le": CREE} | valeurs)


def instant(*morceaux):
    return datetime(*morceaux, tzinfo=FUSEAU)


@pytest.mark.parametrize(
    ("du", "au", "debut", "fin"),
    [
        # 28 March 2027: 2 h becomes 3 h. 31 October: 3 h becomes 2 h.
        ((2027, 3, 27, 22), (2027, 3, 28, 10), "2027-03-27T21:00Z", "2027-03-28T08:00Z"),
        ((2027, 10, 30, 22), (2027, 10, 31, 10), "2027-10-30T20:00Z", "2027-10-31T09:00Z"),
        ((2027, 7, 14, 14, 30), (2027, 7, 14, 17), "2027-07-14T12:30Z", "2027-07-14T15:00Z"),
    ],
)
def test_hours_are_right_when_the_time_changes(du, au, debut, fin):
    (vu,) = lu(ecrire("x", [evenement(plage(instant(*du), instant(*au)))])).values()
    assert [f"{v.value.astimezone(UTC):%Y-%m-%dT%H:%MZ}" for v in (vu.dtstart, vu.dtend)] == [debut, fin]
    paris = [v.value.astimezone(ZoneInfo("Europe/Paris")) for v in (vu.dtstart, vu.dtend)]
    assert [(p.hour, p.minute) for p in paris] == [(du[3], du[4] if len(du) > 4 else 0), (au[3], 0)]


@pytest.mark.parametrize(
    ("du", "au"),
    [
        (date(2027, 3, 27), date(2027, 3, 28)),
        (date(2027, 10, 31), date(2027, 10, 31)),
        (date(2027, 12, 31), date(2028, 1, 1)),
    ],
)
def test_whole_days_are_dates_and_the_end_is_the_day_after(du, au):
    (vu,) = lu(ecrire("x", [evenement(jours(du, au))])).values()
    assert (vu.dtstart.value, vu.dtend.value) == (du, au + timedelta(days=1))
    assert type(vu.dtstart.value) is date


def test_the_same_events_give_the_same_bytes_and_a_change_raises_the_sequence():
    premier = evenement(jours(date(2027, 3, 1), date(2027, 3, 2)), titre="Ça, é; \\n et\nlà", lieu="Vichy")
    assert ecrire("x", [premier]) == ecrire("x", [premier])
    suivant = evenement(premier.periode, modifie_le=CREE + timedelta(minutes=5))
    (avant,), (apres,) = (lu(ecrire("x", [e])).values() for e in (premier, suivant))
    assert avant.summary.value == "Ça, é; \\n et\nlà"
    assert (avant.sequence.value, apres.sequence.value) == ("0", "300")
    assert avant.uid.value == apres.uid.value
    assert all(len(ligne) <= 75 for ligne in ecrire("x", [evenement(premier.periode, titre="é" * 300)]).split(b"\r\n"))


@pytest.fixture
def calendrier(structure):
    return CalendrierFactory(annonce=AnnonceFactory(structure=structure, titre="Barnum"))


def adresse(calendrier):
    return reverse("ressources:agenda_ressource", args=[calendrier.jeton_agenda])


def test_a_resource_s_feed(client, calendrier):
    fanfare, personne = StructureFactory(nom="La Fanfare"), UtilisateurFactory(nom="Camille Secret")
    quand = {"calendrier": calendrier, "structure": fanfare, "par": personne, "message": "Chez Camille Secret"}
    ferme = ReservationFactory(etat="confirmee", periode=jours(dans(3), dans(4)), **quand)
    demande = ReservationFactory(etat="demandee", periode=jours(dans(8), dans(8)), **quand)
    for etat in ("refusee", "annulee", "non_venue"):
        ReservationFactory(etat=etat, periode=jours(dans(3), dans(4)), **quand)
    ReservationFactory(etat="rendue", periode=jours(dans(-200), dans(-199)), **quand)
    panne = calendrier.fermetures.create(
        genre="panne", periode=jours(dans(12), dans(12)), motif="Vu avec Camille Secret"
    )
    calendrier.fermetures.create(genre="avis", periode=jours(dans(1), dans(1)))
    reponse = client.get(adresse(calendrier))
    assert reponse["Content-Type"] == "text/calendar; charset=utf-8"
    assert reponse["Referrer-Policy"] == "no-referrer"
    assert reponse["X-Robots-Tag"] == "noindex, nofollow"
    assert reponse["Cache-Control"] == "private, no-cache"
    assert "Secret" not in reponse.content.decode()
    vus = lu(reponse.content)
    dits = sorted((e.summary.value, e.status.value, e.transp.value) for e in vus.values())
    assert dits == [
        ("Barnum : avis, sans bloquer", "CONFIRMED", "TRANSPARENT"),
        ("Barnum : panne, réparation", "CONFIRMED", "OPAQUE"),
        ("Barnum, à La Fanfare", "CONFIRMED", "OPAQUE"),
        ("Demande : Barnum, à La Fanfare", "TENTATIVE", "TRANSPARENT"),
    ]
    assert {f"reservation-{ferme.pk}", f"reservation-{demande.pk}", f"fermeture-{panne.pk}"} <= {
        uid.partition("@")[0] for uid in vus
    }
    assert vus[next(uid for uid in vus if uid.startswith(f"reservation-{ferme.pk}@"))].dtend.value == dans(5)


def test_a_structure_s_feed_holds_both_sides(client, structure, calendrier):
    ailleurs = CalendrierFactory(annonce=AnnonceFactory(titre="Sono", structure__nom="La Radio"))
    ReservationFactory(
        calendrier=calendrier, structure__nom="La Fanfare", etat="remise", periode=jours(dans(0), dans(1))
    )
    ReservationFactory(calendrier=ailleurs, structure=structure, etat="confirmee", periode=jours(dans(2), dans(2)))
    ReservationFactory(calendrier=ailleurs, etat="confirmee", periode=jours(dans(5), dans(5)))
    ailleurs.fermetures.create(periode=jours(dans(9), dans(9)))
    reglages = ReglagesStructure.objects.create(structure=structure)
    reponse = client.get(reverse("ressources:agenda_structure", args=[reglages.jeton_agenda]))
    assert sorted(e.summary.value for e in lu(reponse.content).values()) == [
        "Emprunté : Sono, chez La Radio", "Prêté : Barnum, à La Fanfare",
    ]  # fmt: skip


def test_nothing_new_is_a_304_by_etag_and_by_date(client, calendrier, referent):
    hier = timezone.now() - timedelta(days=1)
    fermeture = calendrier.fermetures.create(periode=jours(dans(3), dans(3)))
    reservation = ReservationFactory(calendrier=calendrier, periode=jours(dans(5), dans(6)))
    for objet in (calendrier, calendrier.annonce, fermeture, reservation):
        type(objet).objects.filter(pk=objet.pk).update(modifie_le=hier)
    premiere = client.get(adresse(calendrier))
    par_etag, par_date = {"if-none-match": premiere["ETag"]}, {"if-modified-since": premiere["Last-Modified"]}
    assert client.get(adresse(calendrier), headers=par_etag).status_code == 304
    assert client.get(adresse(calendrier), headers=par_date).status_code == 304
    actions.rouvrir(fermeture)  # what is gone has no date of its own
    assert client.get(adresse(calendrier), headers=par_etag).status_code == 200
    seconde = client.get(adresse(calendrier), headers=par_date)
    assert (seconde.status_code, len(lu(seconde.content))) == (200, 1)
    reservations.refuser(reservation, par=referent, motif="Non")
    assert lu(client.get(adresse(calendrier), headers=par_etag).content) == {}


def test_a_leaked_address_is_replaced_once(client, calendrier, referent, membre):
    url, ancien = reverse("ressources:calendrier_adresse", args=[calendrier.annonce_id]), calendrier.jeton_agenda
    ancienne = adresse(calendrier)
    client.force_login(membre)
    assert client.post(url, {"ancien": ancien}).status_code == 403
    client.force_login(referent)
    client.post(url, {"ancien": ancien})
    calendrier.refresh_from_db()
    nouveau = calendrier.jeton_agenda
    assert nouveau != ancien
    client.post(url, {"ancien": ancien})  # sent twice
    calendrier.refresh_from_db()
    assert calendrier.jeton_agenda == nouveau
    assert client.get(ancienne).status_code == 404
    assert client.get(adresse(calendrier)).status_code == 200
    assert (
        nouveau in client.get(reverse("ressources:calendrier_reglages", args=[calendrier.annonce_id])).content.decode()
    )


def test_a_structure_s_address_is_made_then_replaced(client, structure, referent, membre):
    url = reverse("ressources:planning_adresse", args=[structure.slug])
    page = reverse("ressources:planning", args=[structure.slug])
    client.force_login(referent)
    assert "Créer l'adresse" in client.get(page).content.decode()
    assert not ReglagesStructure.objects.exists()
    client.post(url, {"ancien": ""})
    premier = ReglagesStructure.objects.get().jeton_agenda
    assert premier in client.get(page).content.decode()
    client.post(url, {"ancien": ""})
    assert ReglagesStructure.objects.get().jeton_agenda == premier
    client.post(url, {"ancien": premier})
    assert ReglagesStructure.objects.get().jeton_agenda != premier
    client.force_login(membre)
    assert "/agenda/structure/" not in client.get(page).content.decode()


def test_a_merged_or_archived_structure_s_feed_is_gone(client, structure):
    reglages = ReglagesStructure.objects.create(structure=structure)
    url = reverse("ressources:agenda_structure", args=[reglages.jeton_agenda])
    structure.etat = "archivee"
    structure.save()
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("nombre", [1, 12])
def test_feeds_cost_the_same_whatever_their_length(client, structure, calendrier, nombre, django_assert_num_queries):
    for rang in range(nombre):
        ReservationFactory(calendrier=calendrier, periode=jours(dans(rang), dans(rang)))
        calendrier.fermetures.create(periode=jours(dans(rang), dans(rang)))
    for _ in range(nombre):
        CalendrierFactory(annonce__structure=structure)
    reglages = ReglagesStructure.objects.create(structure=structure)
    with django_assert_num_queries(3):
        client.get(adresse(calendrier))
    with django_assert_num_queries(4):
        client.get(reverse("ressources:agenda_structure", args=[reglages.jeton_agenda]))
    assert Reservation.objects.count() == nombre
