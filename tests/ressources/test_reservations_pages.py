"""The pages of bookings: asking, the list by what waits, one booking and its acts, its photos."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from pole_ess.socle.models import Courriel
from ressources.agenda import jours
from ressources.models import Reservation
from ressources.panneaux import reservation as panneau
from ressources.presentation_reservation import estimation, libres_autour
from tests.factories import StructureFactory
from tests.factories.ressources import AnnonceFactory, CalendrierFactory, ReservationFactory
from tests.images import image

pytestmark = pytest.mark.django_db


def dans(nombre):
    return timezone.localdate() + timedelta(days=nombre)


def leur(utilisateur):
    return utilisateur.rattachements.get().structure


@pytest.fixture
def calendrier(structure):
    return CalendrierFactory(annonce__structure=structure)


def reserve(calendrier, etat="demandee", debut=5, fin=6, **valeurs):
    return ReservationFactory(calendrier=calendrier, etat=etat, periode=jours(dans(debut), dans(fin)), **valeurs)


def demande(utilisateur, debut=5, fin=6, **valeurs):
    dates = {"debut": dans(debut).isoformat(), "fin": dans(fin).isoformat()}
    return {"structure": leur(utilisateur).pk, "cle": str(uuid.uuid4()), **dates, **valeurs}


def page(calendrier):
    return reverse("ressources:reserver", args=[calendrier.annonce_id])


def agir(client, reservation, acte, donnees=None):
    return client.post(reverse("ressources:reservation_acte", args=[reservation.pk, acte]), donnees or {})


def test_asking_leads_to_the_booking_once(client, calendrier, etranger):
    client.force_login(etranger)
    donnees = demande(etranger, message="Pour la fête")
    for _ in range(2):
        reponse = client.post(page(calendrier), donnees)
    reservation = Reservation.objects.get()
    assert reponse.url == reservation.get_absolute_url()
    assert (reservation.par, reservation.message) == (etranger, "Pour la fête")
    assert reservation.periode == jours(dans(5), dans(6))
    assert Courriel.objects.filter(gabarit="reservation_demandee").count() == 1


def test_taken_dates_are_refused_with_the_nearest_free_ones(client, calendrier, etranger):
    reserve(calendrier, "confirmee", 5, 6)
    client.force_login(etranger)
    texte = client.post(page(calendrier), demande(etranger, message="Gardez-moi")).content.decode()
    assert "Ces dates sont déjà prises." in texte
    assert "Gardez-moi" in texte
    for debut in (2, 3, 7):
        assert f"?du={dans(debut):%Y-%m-%d}&amp;au={dans(debut + 1):%Y-%m-%d}" in texte
    assert Reservation.objects.count() == 1


def test_dates_of_the_link_are_filled_in(client, calendrier, etranger):
    client.force_login(etranger)
    texte = client.get(page(calendrier) + f"?du={dans(9):%Y-%m-%d}&au=bof").content.decode()
    assert texte.count(f'value="{dans(9):%Y-%m-%d}"') == 2


def test_hours_of_a_day(client, etranger):
    calendrier = CalendrierFactory(pas="heure")
    client.force_login(etranger)
    heures = {"heure_debut": "14 h", "heure_fin": "12 h"}
    texte = client.post(page(calendrier), demande(etranger, 5, 5, **heures)).content.decode()
    assert "après celle du début" in texte
    client.post(page(calendrier), demande(etranger, 5, 5, **heures | {"heure_fin": "17 h 30"}))
    periode = Reservation.objects.get().periode
    assert periode.upper - periode.lower == timedelta(hours=3, minutes=30)


def test_the_key_of_somebody_else_is_replaced(client, calendrier, etranger):
    deja = reserve(calendrier)
    client.force_login(etranger)
    reponse = client.post(page(calendrier), demande(etranger, cle=str(deja.cle)))
    assert "déjà servi" in reponse.content.decode()
    assert str(deja.cle) not in reponse.content.decode()


def test_free_days_keep_clear_of_buffer_closures_and_notice():
    calendrier = CalendrierFactory(battement_heures=24, preavis_jours=2)
    reserve(calendrier, "confirmee", 4, 5, blocage=jours(dans(4), dans(6)))
    calendrier.fermetures.create(periode=jours(dans(7), dans(7)), genre="fermeture")
    calendrier.fermetures.create(periode=jours(dans(8), dans(8)), genre="avis")
    assert [debut for debut, _ in libres_autour(calendrier)] == [dans(2), dans(8), dans(9)]
    assert libres_autour(calendrier, dans(8), duree=2)[0] == (dans(8), dans(9))


@pytest.mark.parametrize(
    ("unite", "dits"), [("jour", "3 jours à 12 €\xa0: 36 €"), ("semaine", "1 semaine"), ("total", "1 forfait")]
)
def test_estimation(unite, dits):
    annonce = AnnonceFactory.build(mode="location", prix=12, prix_unite=unite)
    texte = estimation(annonce, jours(dans(5), dans(7)))
    assert texte.replace("\u202f", " ").replace("\xa0", " ").startswith(dits.replace("\xa0", " "))
    assert not estimation(AnnonceFactory.build(mode="pret", prix=None), jours(dans(5), dans(7)))


def test_from_request_to_return(client, calendrier, referent, etranger):
    calendrier.annonce.caution = 50
    calendrier.annonce.save()
    reservation = reserve(calendrier, structure=leur(etranger), caution=50, etat_caution="a_recevoir", debut=0)
    client.force_login(referent)
    assert agir(client, reservation, "confirmer").url == reservation.get_absolute_url()
    cliche = image("JPEG")
    donnees = {"constat": "Une rayure", "photos": [cliche], "caution_recue": "on"}
    assert agir(client, reservation, "remettre", donnees).status_code == 302
    reservation.refresh_from_db()
    assert (reservation.etat, reservation.etat_caution) == ("remise", "recue")
    photo = reservation.photos.get()
    texte = agir(client, reservation, "rendre", {"etat": "abime"}).content.decode()
    assert "Dites pourquoi la caution est retenue" in texte
    assert agir(client, reservation, "rendre", {"etat": "abime", "constat": "Cassé", "kilos": "3,5"}).status_code == 302
    reservation.refresh_from_db()
    assert (reservation.etat, reservation.etat_caution) == ("rendue", "retenue")
    assert reservation.bilans.get().structure == calendrier.annonce.structure
    client.force_login(etranger)
    texte = client.get(reservation.get_absolute_url()).content.decode()
    assert "Une rayure" in texte
    assert "retenue" in texte
    url = reverse("ressources:reservation_photo", args=[reservation.pk, photo.pk])
    assert url in texte
    assert client.get(url).content[8:12] == b"WEBP"


def test_what_is_no_photo_is_refused_and_nothing_moves(client, calendrier, referent):
    from django.core.files.uploadedfile import SimpleUploadedFile

    reservation = reserve(calendrier, "confirmee")
    client.force_login(referent)
    faux = SimpleUploadedFile("a.jpg", b"<svg/>", content_type="image/jpeg")
    texte = agir(client, reservation, "remettre", {"photos": [faux], "constat": "Neuf"}).content.decode()
    assert "pas une photo lisible" in texte
    assert "Neuf" in texte
    reservation.refresh_from_db()
    assert reservation.etat == "confirmee"
    assert "4 photos au plus" in agir(client, reservation, "remettre", {"photos": [image("JPEG") for _ in range(5)]}).content.decode()  # fmt: skip  # noqa: E501


def test_taken_dates_are_refused_in_one_click(client, calendrier, referent):
    perdante = reserve(calendrier)
    reserve(calendrier, "confirmee")
    client.force_login(referent)
    assert "Refuser : ces dates sont prises" in client.get(perdante.get_absolute_url()).content.decode()
    assert "déjà prises" in agir(client, perdante, "confirmer").content.decode()
    agir(client, perdante, "refuser", {"motif": "Ces dates sont prises."})
    perdante.refresh_from_db()
    assert (perdante.etat, perdante.motif) == ("refusee", "Ces dates sont prises.")


def test_an_act_out_of_its_state_says_so(client, calendrier, referent):
    reservation = reserve(calendrier, "annulee")
    client.force_login(referent)
    reponse = client.post(reverse("ressources:reservation_acte", args=[reservation.pk, "confirmer"]), follow=True)
    assert "elle a pu changer depuis" in reponse.content.decode()
    assert agir(client, reservation, "voler").status_code == 404


def test_extension_asked_then_accepted(client, calendrier, referent, etranger):
    reservation = reserve(calendrier, "confirmee", structure=leur(etranger))
    client.force_login(etranger)
    agir(client, reservation, "prolonger", {"fin": dans(8).isoformat()})
    client.force_login(referent)
    assert "Prolongation demandée" in client.get(reverse("ressources:reservations")).content.decode()
    agir(client, reservation, "accepter_prolongation")
    reservation.refresh_from_db()
    assert reservation.periode == jours(dans(5), dans(8))


def test_the_list_is_grouped_by_what_waits(client, calendrier, referent):
    for etat, debut, fin in [("demandee", 5, 6), ("confirmee", 0, 0), ("confirmee", 9, 9), ("remise", -5, -2), ("rendue", -9, -8)]:  # fmt: skip  # noqa: E501
        reserve(calendrier, etat, debut, fin)
    ReservationFactory()
    client.force_login(referent)
    groupes = client.get(reverse("ressources:reservations")).context["groupes"]
    assert [(g.cle, len(g.lignes)) for g in groupes] == [
        (cle, 1) for cle in ("decider", "retard", "aujourdhui", "venir", "passees")
    ]


@pytest.mark.parametrize("nombre", [1, 12])
def test_the_list_costs_the_same_whatever_its_length(client, calendrier, referent, nombre, django_assert_num_queries):
    for rang in range(nombre):
        reserve(calendrier, "demandee", 5 + rang, 5 + rang)
    client.force_login(referent)
    client.get(reverse("ressources:reservations"))
    with django_assert_num_queries(7):
        client.get(reverse("ressources:reservations"))


def test_panel(calendrier, referent, visiteur, etranger):
    annonce = calendrier.annonce
    reserve(calendrier)
    assert panneau.contexte(annonce, AnonymousUser())["libres"][0] == (dans(0), dans(0))
    assert panneau.contexte(annonce, referent)["en_attente"] == 1
    assert panneau.contexte(annonce, etranger)["en_attente"] == 0
    calendrier.actif = False
    assert panneau.contexte(annonce, etranger) is None
    assert panneau.contexte(AnnonceFactory(structure=StructureFactory()), etranger) is None
