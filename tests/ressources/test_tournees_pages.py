"""The pages of the tours: the list, opening one, wishing, the plan and its decisions, the panel."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from ressources.actions.tournees import PlanDeTournee
from ressources.models import Etape, Tournee
from ressources.panneaux import tournee as panneau
from ressources.presentation_tournee import ce_qui_manque
from tests.factories import CommuneFactory, RattachementFactory
from tests.factories.ressources import AnnonceFactory, ArtisteFactory, BesoinFactory, EtapeFactory, TourneeFactory
from tests.ressources.test_tournees import jour, structure_a

pytestmark = pytest.mark.django_db
LISTE = "/offres-et-besoins/tournees/"


@pytest.fixture
def tournee(structure):
    structure.latitude, structure.longitude, structure.position_origine = 46.13, 3.42, "adresse"
    structure.save()
    return TourneeFactory(annonce__structure=structure)


@pytest.fixture
def voisin(db):
    return RattachementFactory(role="membre", structure=structure_a(10, nom="Le Voisin")).utilisateur


def texte_de(client, url, utilisateur=None):
    if utilisateur:
        client.force_login(utilisateur)
    return client.get(url).content.decode()


def souhait(utilisateur, *jours, **autres):
    structure = utilisateur.rattachements.get().structure
    return {"geste": "souhaiter", "structure": structure.pk, "jours": [le.isoformat() for le in jours], **autres}


# -- the list


def test_list_is_soonest_first_without_past_cancelled_or_hidden(client):
    tard, tot = TourneeFactory(debut=jour(20)), TourneeFactory()
    hier = timezone.localdate() - timedelta(days=1)
    TourneeFactory(nom="Passée", debut=hier, fin=hier)
    TourneeFactory(nom="Annulée hier", etat="annulee")
    TourneeFactory(nom="D'un brouillon", annonce__etat="brouillon")
    texte = texte_de(client, LISTE)
    assert "2 tournées à venir" in texte
    assert texte.index(tot.nom) < texte.index(tard.nom)


def test_list_around_a_commune(client):
    CommuneFactory(nom="Vichy", code="03310", latitude=46.13, longitude=3.42)
    pres = TourneeFactory(annonce__structure=structure_a(15))
    loin = TourneeFactory(annonce__structure=structure_a(70))
    texte = texte_de(client, f"{LISTE}?commune=Vichy&km=50")
    assert "1 tournée à venir à moins de 50 km autour de Vichy" in texte
    assert (pres.nom in texte, loin.nom in texte, "15 km" in texte) == (True, False, True)
    assert loin.nom in texte_de(client, f"{LISTE}?commune=Vichy")


@pytest.mark.parametrize("requete", ["?commune=Nulle-Part", "?km=7", "?page=10000000000000000000000", "?page=abc"])
def test_list_bears_odd_requests(client, requete):
    TourneeFactory()
    assert client.get(LISTE + requete).status_code == 200


@pytest.mark.parametrize("compte", [1, 5])
def test_list_queries(client, django_assert_num_queries, compte):
    for _ in range(compte):
        EtapeFactory.create_batch(compte, tournee=TourneeFactory())
    with django_assert_num_queries(3):
        client.get(LISTE)


# -- opening


def ouverture(**valeurs):
    return {
        "nom": "Contes d'hiver",
        "debut": "12/03/2099",
        "fin": "20 mars 2099",
        "rayon": "30",
        "etapes_min": "2",
        "precisions": "",
        "cle": str(uuid.uuid4()),
        **valeurs,
    }


def test_opening_reads_french_dates_and_acts_once(client, referent, structure):
    annonce = ArtisteFactory(structure=structure)
    client.force_login(referent)
    url, donnees = reverse("ressources:tournee_creer", args=[annonce.pk]), ouverture()
    reponse = client.post(url, donnees)
    tournee = Tournee.objects.get()
    assert reponse["Location"] == tournee.get_absolute_url()
    assert (tournee.debut.isoformat(), tournee.fin.isoformat()) == ("2099-03-12", "2099-03-20")
    client.post(url, donnees)
    assert Tournee.objects.count() == 1


@pytest.mark.parametrize(
    ("valeurs", "message"),
    [
        ({"debut": "hier"}, "Cette date n&#x27;est pas comprise"),
        ({"debut": "12/03/2020"}, "Ce jour est déjà passé"),
        ({"fin": "11/03/2099"}, "avant le premier"),
        ({"rayon": "0"}, "Pas moins de 1."),
        ({"etapes_min": "40"}, "jours sont libres"),
        ({"cle": "abc"}, "abîmé"),
    ],
)
def test_opening_says_what_is_wrong_and_keeps_the_rest(client, referent, structure, valeurs, message):
    annonce = ArtisteFactory(structure=structure)
    client.force_login(referent)
    reponse = client.post(reverse("ressources:tournee_creer", args=[annonce.pk]), ouverture(**valeurs))
    texte = reponse.content.decode()
    assert message in texte
    assert "Contes d&#x27;hiver" in texte
    assert Tournee.objects.count() == 0


# -- wishing


def test_wish_shows_neighbours_and_what_is_missing(client, tournee, voisin):
    EtapeFactory(tournee=tournee, structure=structure_a(25, nom="La Deuxième"), jours=[jour(3)])
    EtapeFactory(tournee=tournee, structure=structure_a(150, nom="La Lointaine"), jours=[jour(4)])
    avant = texte_de(client, tournee.get_absolute_url(), voisin)
    assert "Elles la souhaitent déjà" in avant
    assert "1 étape est possible : il en manque 1 pour que la tournée se fasse, à moins de 30 km" in avant
    reponse = client.post(tournee.get_absolute_url(), souhait(voisin, jour(1), jour(3)), follow=True)
    apres = reponse.content.decode()
    assert "Votre souhait est noté" in apres
    assert "2 étapes peuvent se suivre : il y en a assez (2 au moins). L&#x27;artiste peut confirmer." in apres
    autour = apres.split("Autour de vous")[1]
    assert autour.index("La Deuxième") < autour.index("15 km") < autour.index("La Lointaine")
    assert "trop loin pour s'enchaîner directement" in autour


def test_wish_without_a_day_keeps_the_word(client, tournee, voisin):
    client.force_login(voisin)
    texte = client.post(tournee.get_absolute_url(), souhait(voisin, message="Salle à nous")).content.decode()
    assert "Cochez au moins un jour." in texte
    assert "Salle à nous" in texte
    assert Etape.objects.count() == 0


@pytest.mark.parametrize("jours", [["2000-01-01"], ["abc"], ["", "9999-12-31"]])
def test_wish_of_a_day_that_is_not_offered_is_refused(client, tournee, voisin, jours):
    client.force_login(voisin)
    texte = client.post(tournee.get_absolute_url(), {**souhait(voisin), "jours": jours}).content.decode()
    assert "encore ouvert" in texte or "plus ouvert" in texte
    assert Etape.objects.count() == 0


def test_wish_in_the_name_of_others_is_refused(client, tournee, voisin):
    client.force_login(voisin)
    client.post(tournee.get_absolute_url(), {**souhait(voisin, jour(1)), "structure": structure_a(1).pk})
    assert Etape.objects.count() == 0


def test_visitor_sees_how_many_but_not_who(client, tournee):
    EtapeFactory(tournee=tournee, structure__nom="La Discrète")
    texte = texte_de(client, tournee.get_absolute_url())
    assert "1 structure" in texte
    assert "La Discrète" not in texte


def test_messages_are_for_the_artist(client, tournee, voisin, referent):
    EtapeFactory(tournee=tournee, message="Notre budget est de 300 €")
    assert "300 €" not in texte_de(client, tournee.get_absolute_url(), voisin)
    assert "300 €" in texte_de(client, tournee.get_absolute_url(), referent)


# -- the plan


@pytest.mark.parametrize(
    ("nombre", "au_moins", "gere", "attendu"),
    [
        (0, 1, False, "Aucune étape n'est encore possible : il en manque 1 pour que la tournée se fasse."),
        (
            *(1, 3, True),
            "1 étape est possible : il en manque 2 pour que la tournée se fasse, à moins de 30 km d'une autre.",
        ),
        (1, 1, True, "1 étape est possible : il y en a assez (1 au moins). Retenez-les pour confirmer la tournée."),
        (3, 2, False, "3 étapes peuvent se suivre : il y en a assez (2 au moins). L'artiste peut confirmer."),
    ],
)
def test_what_is_missing_in_words(nombre, au_moins, gere, attendu):
    la_tournee = TourneeFactory.build(annonce=None, etapes_min=au_moins, rayon=30)
    plan = PlanDeTournee([(None, None, None)] * nombre, manque=max(0, au_moins - nombre))
    assert ce_qui_manque(la_tournee, plan, gere=gere) == attendu


def test_artist_retains_what_is_ticked(client, tournee, referent):
    a = EtapeFactory(tournee=tournee, structure=structure_a(0), jours=[jour(1)])
    b = EtapeFactory(tournee=tournee, structure=structure_a(20), jours=[jour(2)])
    texte = texte_de(client, tournee.get_absolute_url(), referent)
    for etape, le in [(a, jour(1)), (b, jour(2))]:
        assert f'value="{etape.pk}:{le.isoformat()}" checked' in texte
    assert "20 km" in texte
    choix = [f"{a.pk}:{jour(1).isoformat()}", f"{b.pk}:{jour(2).isoformat()}"]
    reponse = client.post(tournee.get_absolute_url(), {"geste": "retenir", "choix": choix}, follow=True)
    assert "La tournée est confirmée" in reponse.content.decode()
    assert set(Etape.objects.values_list("pk", "jour")) == {(a.pk, jour(1)), (b.pk, jour(2))}


def test_stale_or_forged_plan_is_refused_with_words(client, tournee, referent):
    a = EtapeFactory(tournee=tournee, jours=[jour(1), jour(2)])
    b = EtapeFactory(tournee=tournee, jours=[jour(1)])
    ailleurs = EtapeFactory(jours=[jour(1)])
    client.force_login(referent)
    for choix, message in [
        ([], "Cochez au moins une étape"),
        ([f"{a.pk}:{jour(5).isoformat()}"], "Le plan a changé"),
        ([f"{ailleurs.pk}:{jour(1).isoformat()}"], "Le plan a changé"),
        ([f"{a.pk}:{jour(1).isoformat()}", f"{b.pk}:{jour(1).isoformat()}"], "Une seule étape par jour"),
        ([f"{a.pk}:{jour(1).isoformat()}", f"{a.pk}:{jour(2).isoformat()}"], "Un seul jour par structure"),
        (["x"], "Le plan a changé"),
    ]:
        reponse = client.post(tournee.get_absolute_url(), {"geste": "retenir", "choix": choix})
        assert message in reponse.content.decode()
    assert not Etape.objects.filter(etat="retenue").exists()


@pytest.mark.parametrize("geste", ["decliner", "annuler"])
def test_saying_no_needs_a_reason(client, tournee, referent, geste):
    etape = EtapeFactory(tournee=tournee)
    client.force_login(referent)
    donnees = {"geste": geste, "etape": etape.pk, "motif": " "}
    assert "Dites pourquoi" in client.post(tournee.get_absolute_url(), donnees).content.decode()
    assert Etape.objects.get().etat == "souhaitee"


def test_nobody_gives_up_somebody_elses_wish(client, tournee, voisin):
    etape = EtapeFactory(tournee=tournee)
    client.force_login(voisin)
    assert client.post(tournee.get_absolute_url(), {"geste": "retirer", "etape": etape.pk}).status_code == 404
    assert client.post(tournee.get_absolute_url(), {"geste": "retirer", "etape": "9" * 30}).status_code == 200
    assert client.post(tournee.get_absolute_url(), {"geste": "inconnu"}).status_code == 200


@pytest.mark.parametrize("compte", [1, 6])
def test_page_queries(client, tournee, referent, voisin, django_assert_num_queries, compte):
    for rang in range(compte):
        EtapeFactory(tournee=tournee, structure=structure_a(rang))
    client.force_login(referent)
    with django_assert_num_queries(14):
        client.get(tournee.get_absolute_url())
    client.force_login(voisin)
    with django_assert_num_queries(15):
        client.get(tournee.get_absolute_url())


# -- the panel


def test_panel_is_for_artists():
    assert panneau.contexte(AnnonceFactory(), AnonymousUser()) is None
    assert panneau.contexte(ArtisteFactory(), AnonymousUser()) is None


def test_panel_counts_the_structures_that_seek(client, referent, structure):
    structure.latitude, structure.longitude, structure.position_origine = 46.13, 3.42, "adresse"
    structure.save()
    annonce = ArtisteFactory(structure=structure)
    cherche = structure_a(10)
    for la in [cherche, cherche, structure_a(20), structure_a(29), structure_a(31)]:
        BesoinFactory(nature="artiste", mode="service_payant", structure=la)
    texte = texte_de(client, annonce.get_absolute_url(), referent)
    assert "3 structures à moins de 30 km cherchent un artiste." in texte
    assert reverse("ressources:tournee_creer", args=[annonce.pk]) in texte


def test_panel_of_a_need_shows_the_tours_that_pass_near(client, tournee):
    besoin = BesoinFactory(nature="artiste", mode="service_payant", structure=structure_a(40))
    loin = BesoinFactory(nature="artiste", mode="service_payant", structure=structure_a(60))
    assert tournee.nom in texte_de(client, besoin.get_absolute_url())
    assert tournee.nom not in texte_de(client, loin.get_absolute_url())


@pytest.mark.parametrize("compte", [1, 5])
def test_panel_queries(referent, structure, django_assert_num_queries, compte):
    annonce = ArtisteFactory(structure=structure)
    assert annonce.structure
    TourneeFactory.create_batch(compte, annonce=annonce)
    BesoinFactory.create_batch(compte, nature="artiste", mode="service_payant")
    with django_assert_num_queries(3):
        panneau.contexte(annonce, referent)
