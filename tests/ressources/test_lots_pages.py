"""The pages of a batch: its panel, the request, the giver's list, one part."""

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from ressources.models import Bilan, PartDeLot
from ressources.panneaux import lot as panneau
from ressources.presentation_lot import barre
from ressources.views import lots as vues
from tests.factories import RattachementFactory, StructureFactory
from tests.factories.ressources import AnnonceFactory, LotFactory, PartDeLotFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(structure):
    return LotFactory(structure=structure)


@pytest.fixture
def choisi(structure):
    return LotFactory(structure=structure, partage="choisi")


def page(annonce):
    return reverse("ressources:lot", args=[annonce.pk])


def page_de(part):
    return reverse("ressources:part", args=[part.annonce_id, part.pk])


def demande(structure, **valeurs):
    return {
        "structure": structure.pk,
        "quantite": "5",
        "si_moins": "attendre",
        "message": "Pour l'atelier",
        "cle": str(uuid.uuid4()),
        **valeurs,
    }


def structure_de(utilisateur):
    return utilisateur.rattachements.get().structure


def test_asking_leads_to_the_part_and_says_what_happens(client, lot, etranger):
    client.force_login(etranger)
    reponse = client.post(page(lot), demande(structure_de(etranger)), follow=True)
    part = PartDeLot.objects.get()
    assert reponse.redirect_chain == [(page_de(part), 302)]
    assert (part.par, part.message, part.etat) == (etranger, "Pour l'atelier", "attribuee")
    texte = reponse.content.decode()
    assert "C&#x27;est oui : 5 pour" in texte
    assert "Convenez du retrait" in texte


def test_same_form_twice_asks_once(client, lot, etranger):
    client.force_login(etranger)
    donnees = demande(structure_de(etranger))
    premiere, seconde = client.post(page(lot), donnees), client.post(page(lot), donnees)
    assert premiere["Location"] == seconde["Location"]
    assert PartDeLot.objects.count() == 1


def test_refused_form_keeps_what_was_typed(client, lot, etranger):
    client.force_login(etranger)
    reponse = client.post(page(lot), demande(structure_de(etranger), quantite="trente"))
    texte = reponse.content.decode()
    assert reponse.status_code == 200
    assert "Votre demande n'est pas partie" in texte
    assert 'value="trente"' in texte
    assert "Pour l&#x27;atelier" in texte
    assert PartDeLot.objects.count() == 0


def test_one_does_not_ask_for_somebody_elses_structure(client, lot, etranger):
    client.force_login(etranger)
    reponse = client.post(page(lot), demande(StructureFactory()))
    assert "Choisissez une de vos structures." in reponse.content.decode()
    assert PartDeLot.objects.count() == 0


def test_already_asked_is_said_with_a_link(client, lot, etranger):
    part = PartDeLotFactory(annonce=lot, structure=structure_de(etranger))
    client.force_login(etranger)
    texte = client.post(page(lot), demande(structure_de(etranger))).content.decode()
    assert "a déjà une demande en cours" in texte
    assert page_de(part) in texte


def test_forty_requests_a_day_is_the_limit(client, lot, etranger, monkeypatch):
    monkeypatch.setitem(vues.DEMANDES, "maximum", 0)
    client.force_login(etranger)
    reponse = client.post(page(lot), demande(structure_de(etranger)))
    assert reponse.status_code == 429
    assert "Pour l&#x27;atelier" in reponse.content.decode()


def test_member_without_a_structure_is_told_how_to_have_one(client, lot, django_user_model):
    client.force_login(django_user_model.objects.create(email="seul@example.org"))
    texte = client.get(page(lot)).content.decode()
    assert "au nom d'une structure publiée" in texte
    assert client.post(page(lot), demande(StructureFactory())).status_code == 403


def test_giver_sees_message_distance_date_and_decides(client, choisi, referent):
    loin = StructureFactory(latitude=46.5, longitude=3.42, position_origine="adresse")
    part = PartDeLotFactory(annonce=choisi, structure=loin, quantite=4, message="Pour le collège")
    client.force_login(referent)
    texte = client.get(page(choisi)).content.decode()
    for mot in ["En demande 4", "Pour le collège", "41 km", "Attribuer les 4"]:
        assert mot in texte
    client.post(page_de(part), {"geste": "attribuer", "quantite": "4"})
    part.refresh_from_db()
    assert part.etat == "attribuee"


def test_giver_refuses_with_a_reason_or_not_at_all(client, choisi, referent):
    part = PartDeLotFactory(annonce=choisi)
    client.force_login(referent)
    texte = client.post(page_de(part), {"geste": "refuser", "motif": " "}).content.decode()
    assert "Dites pourquoi" in texte
    client.post(page_de(part), {"geste": "refuser", "motif": "Réservé aux écoles"})
    part.refresh_from_db()
    assert (part.etat, part.motif) == ("refusee", "Réservé aux écoles")


def test_handing_over_with_a_weight_counts_it_and_a_second_part_adds_to_it(client, choisi, referent):
    part = PartDeLotFactory(annonce=choisi, etat="attribuee")
    client.force_login(referent)
    texte = client.post(page_de(part), {"geste": "remettre", "kilos": "trente"}).content.decode()
    assert "Ce nombre n&#x27;est pas compris" in texte
    assert not Bilan.objects.exists()
    client.post(page_de(part), {"geste": "remettre", "kilos": "38,5"})
    client.post(page_de(part), {"geste": "remettre", "kilos": "38,5"})
    Bilan.objects.update(euros=120)
    seconde = PartDeLotFactory(annonce=choisi, etat="attribuee", structure=part.structure)
    client.post(page_de(seconde), {"geste": "remettre", "kilos": "1,5"})
    un = Bilan.objects.get()
    assert (un.structure, un.avec, un.kilos, un.euros) == (choisi.structure, part.structure, 40, 120)
    client.post(page_de(PartDeLotFactory(annonce=choisi, etat="attribuee")), {"geste": "remettre"})
    assert Bilan.objects.count() == 1


def test_what_the_act_refuses_is_said_in_the_page(client, choisi, referent):
    part = PartDeLotFactory(annonce=choisi, quantite=5)
    PartDeLotFactory(annonce=choisi, quantite=18, etat="attribuee")
    client.force_login(referent)
    texte = client.post(page_de(part), {"geste": "attribuer", "quantite": "5"}).content.decode()
    assert "il en reste 2" in texte


@pytest.mark.parametrize(("saisie", "attendu"), [("1 200", 1200), ("3", 20), ("abc", 20), ("", 20), ("-4", 20)])
def test_giver_changes_the_quantity_but_not_below_what_is_taken(client, lot, referent, saisie, attendu):
    PartDeLotFactory(annonce=lot, quantite=4, etat="attribuee")
    client.force_login(referent)
    client.post(page(lot), {"geste": "quantite", "quantite": saisie})
    lot.refresh_from_db()
    assert lot.quantite == attendu


def test_all_handed_over_proposes_to_close(client, lot, referent):
    PartDeLotFactory(annonce=lot, quantite=20, etat="remise")
    client.force_login(referent)
    texte = client.get(page(lot)).content.decode()
    assert "Complet : tout est attribué" in texte
    assert f"/offres-et-besoins/{lot.pk}/pourvue/" in texte
    assert panneau.contexte(lot, referent)["toutes_remises"]


def test_printed_list_has_who_fetches_what_and_a_place_to_sign(client, lot, referent):
    PartDeLotFactory(annonce=lot, structure__nom="La Fabrique", structure__telephone="01 99 00 45 67", etat="attribuee")
    PartDeLotFactory(annonce=lot, structure__nom="Le Refusé", etat="refusee")
    client.force_login(referent)
    liste = client.get(page(lot)).content.decode().split('class="impression"')[1]
    assert "La Fabrique" in liste
    assert "01 99 00 45 67" in liste
    assert "Le Refusé" not in liste


def test_others_do_not_see_a_part(client, choisi):
    part = PartDeLotFactory(annonce=choisi)
    client.force_login(RattachementFactory(role="referent").utilisateur)
    assert client.get(page_de(part)).status_code == 404
    autre = LotFactory()
    client.force_login(RattachementFactory(structure=part.structure).utilisateur)
    assert client.get(page_de(part)).status_code == 200
    assert client.get(reverse("ressources:part", args=[autre.pk, part.pk])).status_code == 404


def test_waiting_page_says_the_rank(client, lot):
    PartDeLotFactory(annonce=lot, quantite=18, etat="attribuee")
    PartDeLotFactory(annonce=lot, quantite=9, etat="en_attente")
    part = PartDeLotFactory(annonce=lot, quantite=5, etat="en_attente")
    client.force_login(RattachementFactory(structure=part.structure).utilisateur)
    texte = client.get(page_de(part)).content.decode()
    assert "rang 2" in texte
    assert "Prendre les 2 qui restent" in texte


def test_bar_says_in_words_what_it_draws(lot):
    parts = [PartDeLotFactory(annonce=lot, quantite=5, etat="remise")]
    parts.append(PartDeLotFactory(annonce=lot, quantite=1, etat="attribuee"))
    vue = barre(lot, parts)
    assert vue.texte == "Sur 20 : 5 déjà remis, 1 attribué, 14 libres."
    assert (vue.remis, vue.attribue, vue.libre, vue.debut_libre) == (25, 5, 70, 30)


# -- the panel


def test_panel_only_for_batches(referent):
    assert panneau.contexte(AnnonceFactory(), referent) is None


def test_panel_for_visitor_member_and_giver(lot, referent, etranger):
    assert panneau.contexte(lot, AnonymousUser())["form"] is None
    assert panneau.contexte(lot, etranger)["form"] is not None
    PartDeLotFactory(annonce=lot, structure=structure_de(etranger), etat="en_attente")
    apres = panneau.contexte(lot, etranger)
    assert apres["form"] is None
    assert [part.rang for part in apres["miennes"]] == [1]
    assert panneau.contexte(lot, referent)["gere"]


def test_panel_shows_on_the_announcements_page(client, lot, etranger):
    client.force_login(etranger)
    texte = client.get(lot.get_absolute_url()).content.decode()
    assert "Un lot à partager" in texte
    assert "Demander une part" in texte


# -- as many queries for one part as for many


@pytest.mark.parametrize(("compte", "attendu"), [(1, 6), (6, 6)])
def test_giver_page_queries(client, choisi, referent, django_assert_num_queries, compte, attendu):
    for etat in ["demandee", "en_attente", "attribuee", "remise", "refusee"][:compte]:
        PartDeLotFactory.create_batch(compte, annonce=choisi, etat=etat, quantite=1)
    client.force_login(referent)
    with django_assert_num_queries(attendu):
        client.get(page(choisi))


@pytest.mark.parametrize("compte", [1, 6])
def test_panel_queries(lot, referent, etranger, django_assert_num_queries, compte):
    PartDeLotFactory.create_batch(compte, annonce=lot, quantite=1)
    assert lot.structure  # read with the page
    with django_assert_num_queries(1):
        panneau.contexte(lot, AnonymousUser())
    with django_assert_num_queries(4):
        panneau.contexte(lot, etranger)
    with django_assert_num_queries(3):
        panneau.contexte(lot, referent)
