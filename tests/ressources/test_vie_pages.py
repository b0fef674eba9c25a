"""The pages of an announcement's life: what they say and keep, how many queries. Who may: the roles table."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from ressources.models import Annonce, Bilan
from tests.factories.ressources import (
    AnnonceFactory,
    CalendrierFactory,
    LotFactory,
    MiseEnRelationFactory,
    PartDeLotFactory,
    ReservationFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def annonce(structure):
    return AnnonceFactory(structure=structure, titre="Barnum")


def page(nom, annonce):
    return reverse(f"ressources:annonce_{nom}", args=[annonce.pk])


def test_met_on_one_page(client, referent, annonce):
    choisie = MiseEnRelationFactory(annonce=annonce, etat="interessee")
    autre = MiseEnRelationFactory(annonce=annonce, etat="interessee")
    attend = MiseEnRelationFactory(annonce=annonce)
    client.force_login(referent)
    html = client.get(page("pourvue", annonce)).content.decode()
    for relation in (choisie, autre, attend):
        assert escape(relation.structure.nom) in html
    assert "attend encore votre réponse" in html
    donnees = {
        "avec": choisie.structure.pk, "heures": "3,5", "euros": "1 250,50 €", "kilos": "", "clore_discussions": "on",
    }  # fmt: skip
    assert client.post(page("pourvue", annonce), donnees).url == annonce.get_absolute_url()
    ligne = Bilan.objects.get()
    assert (ligne.heures, ligne.euros, ligne.kilos, ligne.declare_par) == (
        Decimal("3.5"), Decimal("1250.50"), None, referent,
    )  # fmt: skip
    etats = dict(annonce.mises_en_relation.values_list("pk", "etat"))
    assert etats == {choisie.pk: "conclue", autre.pk: "sans_suite", attend.pk: "declinee"}
    assert Annonce.objects.get().etat == "pourvue"


def test_the_other_discussions_stay_when_unticked(client, referent, annonce):
    discute = MiseEnRelationFactory(annonce=annonce, etat="interessee")
    client.force_login(referent)
    client.post(page("pourvue", annonce), {"avec_libre": "La Roue"})
    discute.refresh_from_db()
    assert discute.etat == "interessee"


@pytest.mark.parametrize(
    ("donnees", "champ"),
    [
        ({"heures": "deux"}, "heures"),
        ({"kilos": "-3"}, "kilos"),
        ({"euros": "9999999999"}, "euros"),
        ({"avec": "999999"}, "avec"),
        ({"avec_libre": "x" * 161}, "avec_libre"),
    ],
)
def test_bad_figures_are_kept_and_nothing_closes(client, referent, annonce, donnees, champ):
    MiseEnRelationFactory(annonce=annonce)
    client.force_login(referent)
    reponse = client.post(page("pourvue", annonce), donnees)
    assert (reponse.status_code, list(reponse.context["form"].errors)) == (200, [champ])
    assert "votre saisie est encore là" in reponse.content.decode()
    assert Annonce.objects.get().etat == "publiee"


def test_a_structure_that_did_not_answer_is_not_in_the_list(client, referent, annonce, etranger):
    client.force_login(referent)
    form = client.get(page("pourvue", annonce)).context["form"]
    assert "avec" not in form.fields
    assert form.fields["avec_libre"].label == "Avec qui"


def test_a_batch_is_not_asked_with_whom(client, referent, structure):
    lot = LotFactory(structure=structure, partage="choisi")
    PartDeLotFactory(annonce=lot, etat="attribuee")
    PartDeLotFactory(annonce=lot)
    client.force_login(referent)
    reponse = client.get(page("pourvue", lot))
    assert list(reponse.context["form"].fields) == ["heures", "euros", "kilos"]
    html = reponse.content.decode()
    assert "1 part attribuée reste promise" in html
    assert "1 part demandée sans décision" in html


def test_a_bookable_one_says_what_becomes_of_bookings(client, referent, structure):
    calendrier = CalendrierFactory(annonce__structure=structure)
    ReservationFactory(calendrier=calendrier)
    ReservationFactory(calendrier=calendrier, etat="confirmee")
    client.force_login(referent)
    html = client.get(page("retirer", calendrier.annonce)).content.decode()
    assert "1 demande de réservation sans réponse" in html
    assert "1 réservation confirmée ou en cours reste valable" in html


def test_prolonged_for_the_chosen_time_never_shortened(client, referent, structure):
    annonce = AnnonceFactory(structure=structure, expire_le=timezone.localdate() + timedelta(days=100))
    client.force_login(referent)
    form = client.get(page("prolonger", annonce)).context["form"]
    assert [jours for jours, _ in form.fields["jours"].choices] == [180, 365]
    assert client.post(page("prolonger", annonce), {"jours": "30"}).status_code == 200
    assert client.post(page("prolonger", annonce), {"jours": "180"}).status_code == 302
    annonce.refresh_from_db()
    assert annonce.expire_le == timezone.localdate() + timedelta(days=180)
    Annonce.objects.update(expire_le=timezone.localdate() + timedelta(days=365))
    assert "déjà valable pour un an" in client.get(page("prolonger", annonce)).content.decode()


def test_taken_off_then_opened_again(client, referent, annonce):
    client.force_login(referent)
    client.post(page("retirer", annonce))
    html = client.get(reverse("ressources:mes_annonces")).content.decode()
    assert page("rouvrir", annonce) in html
    assert client.get(page("rouvrir", annonce)).status_code == 200
    reponse = client.post(page("rouvrir", annonce), follow=True)
    assert "de nouveau en ligne" in reponse.content.decode()
    assert Annonce.objects.get().etat == "publiee"


def test_opened_again_after_the_staff_took_it_off_waits_for_them(client, referent, animateur, annonce):
    client.force_login(animateur)
    client.post(page("retirer", annonce))
    client.force_login(referent)
    reponse = client.post(page("rouvrir", annonce), follow=True)
    assert "relit avant de la remettre en ligne" in reponse.content.decode()
    assert Annonce.objects.get().etat == "a_valider"


def test_too_late_is_said(client, referent, annonce):
    client.force_login(referent)
    for nom in ("pourvue", "prolonger", "rouvrir"):
        Annonce.objects.update(etat="refusee")
        reponse = client.post(page(nom, annonce), follow=True)
        assert "il n&#x27;y a rien à faire ici" in reponse.content.decode()


@pytest.mark.parametrize("nombre", [1, 12])
def test_the_page_costs_the_same_whatever_waits(client, referent, structure, nombre, django_assert_num_queries):
    annonce = CalendrierFactory(annonce__structure=structure).annonce
    for etat in ("proposee", "interessee"):
        MiseEnRelationFactory.create_batch(nombre, annonce=annonce, etat=etat)
    ReservationFactory.create_batch(nombre, calendrier=annonce.calendrier)
    client.force_login(referent)
    client.get(page("pourvue", annonce))
    with django_assert_num_queries(11):
        assert client.get(page("pourvue", annonce)).status_code == 200
