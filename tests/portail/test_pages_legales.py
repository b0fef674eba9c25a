"""Legal pages: from the hub's settings, and true."""

import pytest
from django.urls import reverse

from annuaire.actions.effacement import CASCADE, ERASURE, PUBLIC, TECHNIQUE
from pole_ess.portail.controles import lire
from pole_ess.portail.traitements import TRAITEMENTS
from pole_ess.socle.models import ReglagesPole
from tests.factories import UtilisateurFactory


@pytest.fixture
def citoyen_connecte(client, db):
    client.force_login(UtilisateurFactory())


PAGES = ["mentions_legales", "donnees_personnelles", "registre_traitements", "accessibilite"]


@pytest.mark.django_db
@pytest.mark.parametrize("nom", PAGES)
@pytest.mark.parametrize("role", [None, "etranger", "membre", "referent", "animateur", "administrateur"])
def test_pages_ouvertes_a_tous(client, request, nom, role):
    if role:
        client.force_login(request.getfixturevalue(role))
    reponse = client.get(reverse(nom))
    assert reponse.status_code == 200
    assert reponse.content.decode().count("<h1>") == 1
    assert client.post(reverse(nom)).status_code == 405


@pytest.mark.django_db
def test_mentions_viennent_des_reglages(client):
    reglages = ReglagesPole.actuels()
    reglages.editeur = "Association du pôle de démonstration"
    reglages.directeur_publication = "La présidence de l'association"
    reglages.hebergeur = "Hébergeur d'exemple\n1 rue du Serveur"
    reglages.adresse_postale = "2 place de la Source"
    reglages.telephone_equipe = "04 70 00 00 00"
    reglages.save()
    page = client.get(reverse("mentions_legales")).content.decode().replace("&#x27;", "'")
    for texte in (
        "Association du pôle de démonstration",
        "La présidence de l'association",
        "Hébergeur d'exemple<br>1 rue du Serveur",
        "2 place de la Source",
        "04 70 00 00 00",
        reglages.courriel_equipe,
    ):
        assert texte in page


@pytest.mark.django_db
def test_mentions_disent_ce_qui_manque(client):
    assert client.get(reverse("mentions_legales")).content.decode().count("À renseigner par l'équipe") == 2


@pytest.mark.django_db
def test_deux_cookies_seulement(client):
    """What the privacy page promises: a visitor gets none on a page without a form, the token on one with."""
    client.get(reverse("donnees_personnelles"))
    assert set(client.cookies) == set()
    client.get(reverse("account_login"))
    assert set(client.cookies) <= {"csrftoken", "sessionid"}


def test_un_message_ne_pose_pas_de_troisieme_cookie(client, citoyen_connecte):
    client.post(reverse("compte_profil"), {"nom": "Autre nom"})
    assert set(client.cookies) <= {"csrftoken", "sessionid"}
    assert "Votre nom est enregistré" in client.get(reverse("mon_compte")).content.decode()


@pytest.mark.django_db
def test_accessibilite_ne_promet_pas_plus_que_prouve(client):
    page = client.get(reverse("accessibilite")).content.decode()
    assert "partiellement conforme" in page
    assert "Aucun audit complet par un tiers" in page
    assert f"{lire().pages} pages ouvertes" in page


@pytest.mark.django_db
def test_le_registre_dit_tout_ce_qui_peut_nommer_quelqu_un(client):
    """Each table that erasing a person looks into belongs to one treatment; none names a table that is not there."""
    tables = {nom for nom, regle in ERASURE.items() if regle not in (PUBLIC, TECHNIQUE, CASCADE)}
    nommees = [nom for traitement in TRAITEMENTS for nom in traitement.modeles]
    assert sorted(nommees) == sorted(tables)
    page = client.get(reverse("registre_traitements")).content.decode()
    for traitement in TRAITEMENTS:
        assert f'<h2 id="{traitement.cle}">' in page
