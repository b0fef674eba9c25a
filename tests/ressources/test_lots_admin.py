"""Batches and tours in the admin: read, and acted upon through the acts."""

import pytest
from django.urls import reverse

from pole_ess.socle.models import Courriel
from ressources.models import Etape, PartDeLot, Tournee
from tests.factories.ressources import EtapeFactory, LotFactory, PartDeLotFactory, TourneeFactory

pytestmark = pytest.mark.django_db


def acte(part, nom):
    return reverse("admin:ressources_partdelot_acte", args=[part.pk, nom])


def annulation(tournee):
    return reverse("admin:ressources_tournee_annuler", args=[tournee.pk])


@pytest.mark.parametrize("role", ["animateur", "administrateur"])
@pytest.mark.parametrize("etat", PartDeLot.Etat.values)
def test_part_shows_the_acts_of_its_state_and_no_field_to_edit(client, request, role, etat):
    part = PartDeLotFactory(annonce=LotFactory(partage="choisi"), etat=etat)
    client.force_login(request.getfixturevalue(role))
    texte = client.get(reverse("admin:ressources_partdelot_change", args=[part.pk])).content.decode()
    attendus = {
        "demandee": {"attribuer", "refuser", "annuler"},
        "en_attente": {"attribuer", "refuser", "annuler"},
        "attribuee": {"remettre", "refuser", "annuler"},
    }
    montres = {nom for nom in ("attribuer", "remettre", "refuser", "annuler") if acte(part, nom) in texte}
    assert montres == attendus.get(etat, set())
    assert 'name="quantite"' not in texte


@pytest.mark.parametrize(
    ("nom", "depart", "donnees", "arrivee"),
    [
        ("attribuer", "demandee", {"quantite": "2"}, "attribuee"),
        ("attribuer", "demandee", {}, "attribuee"),
        ("remettre", "attribuee", {}, "remise"),
        ("refuser", "demandee", {"motif": "Réservé aux écoles"}, "refusee"),
        ("annuler", "attribuee", {}, "annulee"),
    ],
)
def test_staff_act_on_a_part_and_it_is_mailed(client, animateur, nom, depart, donnees, arrivee):
    part = PartDeLotFactory(annonce=LotFactory(partage="choisi"), etat=depart)
    client.force_login(animateur)
    assert client.get(acte(part, nom)).status_code == 200
    assert client.post(acte(part, nom), donnees).status_code == 302
    part.refresh_from_db()
    assert part.etat == arrivee
    assert part.quantite == int(donnees.get("quantite", 5))
    assert Courriel.objects.count() == 1


def test_what_the_act_refuses_is_said(client, animateur):
    part = PartDeLotFactory(annonce=LotFactory(partage="choisi"), quantite=5)
    client.force_login(animateur)
    assert "entre 1 et 5" in client.post(acte(part, "attribuer"), {"quantite": "9"}).content.decode()
    assert client.post(acte(part, "refuser"), {"motif": ""}).status_code == 200
    assert "ce n&#x27;est plus possible" in client.post(acte(part, "remettre")).content.decode()
    assert client.get(acte(part, "inconnu")).status_code == 403
    part.refresh_from_db()
    assert part.etat == "demandee"


def test_staff_cancel_a_tour_with_a_reason(client, animateur):
    etape = EtapeFactory()
    client.force_login(animateur)
    assert (
        annulation(etape.tournee)
        in client.get(reverse("admin:ressources_tournee_change", args=[etape.tournee_id])).content.decode()
    )
    assert client.post(annulation(etape.tournee), {"motif": " "}).status_code == 200
    assert client.post(annulation(etape.tournee), {"motif": "Grippe"}).status_code == 302
    assert (Tournee.objects.get().etat, Etape.objects.get().etat) == ("annulee", "annulee")


@pytest.mark.parametrize("role", ["membre", "referent"])
def test_the_admin_is_for_staff(client, request, role):
    part, tournee = PartDeLotFactory(), TourneeFactory()
    client.force_login(request.getfixturevalue(role))
    for url in [acte(part, "attribuer"), annulation(tournee)]:
        assert client.post(url, {"motif": "x"}).status_code == 302
    part.refresh_from_db()
    assert (part.etat, Tournee.objects.get().etat) == ("demandee", "ouverte")


@pytest.mark.parametrize("compte", [1, 5])
def test_lists_take_the_same_queries_for_one_and_many(client, animateur, django_assert_num_queries, compte):
    for _ in range(compte):
        PartDeLotFactory()
        EtapeFactory.create_batch(compte)
    client.force_login(animateur)
    with django_assert_num_queries(7):
        client.get(reverse("admin:ressources_partdelot_changelist"))
    with django_assert_num_queries(7):
        client.get(reverse("admin:ressources_tournee_changelist"))
