"""The pages of subscribing: two steps, one click, the same answer for all; the account's; the staff's."""

import re
import uuid
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from annuaire import oppositions
from newsletter import liens
from newsletter.actions import abonnements
from newsletter.models import Abonne, Desabonnement, MentionConsentement
from newsletter.models.abonne import MENTION_PAR_DEFAUT
from pole_ess.socle.models import Courriel
from tests.factories import ActiviteFactory, CommuneFactory, UtilisateurFactory
from tests.factories.newsletter import AbonneFactory, EnvoiFactory, MentionFactory

pytestmark = pytest.mark.django_db
LEA = "lea@example.org"
FORMULAIRE = "/lettre/abonnement/"


def demande(courriel=LEA, **autres):
    return {
        "courriel": courriel,
        "frequence": "chaque",
        "accord": "on",
        "version": "1",
        "cle": str(uuid.uuid4()),
        **autres,
    }


def lien_recu(courriel=LEA, page="confirmer"):
    texte = Courriel.objects.filter(destinataire=courriel).latest("pk").texte
    return re.search(rf"/lettre/{page}/[\w:-]+/", texte)[0]


def test_from_the_form_to_the_subscription(client):
    ville, activite = CommuneFactory(nom="Vichy"), ActiviteFactory()
    choix = {"natures": ["local", "materiel"], "activites": [activite.pk], "commune": "vichy", "km": "20"}
    reponse = client.post(FORMULAIRE, demande(**choix, frequence="mensuelle"), follow=True)
    assert "Ouvrez votre messagerie" in reponse.content.decode()
    abonne = Abonne.objects.get()
    assert (abonne.courriel, abonne.etat, abonne.frequence, abonne.formulaire) == (
        LEA,
        "en_attente",
        "mensuelle",
        "site",
    )
    assert (abonne.mention.version, abonne.mention.texte) == (1, MENTION_PAR_DEFAUT)
    assert sorted(abonne.interets.natures) == ["local", "materiel"]
    assert (abonne.interets.commune, abonne.interets.rayon_km) == (ville, 20)
    assert list(abonne.interets.activites.all()) == [activite]

    lien = lien_recu()
    page = client.get(lien).content.decode()
    assert "Confirmer mon abonnement" in page
    assert MENTION_PAR_DEFAUT[:30] in page.replace("&#x27;", "'")
    assert Abonne.objects.get().etat == "en_attente"
    reponse = client.post(lien)
    assert reponse.status_code == 200
    assert Abonne.objects.get().etat == "confirme"
    suite = re.search(r'href="(/lettre/preferences/[^"]+)"', reponse.content.decode())[1]
    assert client.get(suite).status_code == 200
    assert "déjà confirmé" in client.get(lien).content.decode()


def test_answer_is_byte_for_byte_the_same_whoever_it_is(client):
    AbonneFactory(courriel="dedans@example.org")
    AbonneFactory(courriel="arrete@example.org", etat="suspendu")
    partie = AbonneFactory(courriel="partie@example.org")
    abonnements.desabonner(partie, voie="lien")
    oppositions.enregistrer(courriel="opposee@example.org")
    pages = set()
    for qui in ["dedans", "arrete", "partie", "opposee", "inconnue"]:
        courriel = f"{qui}@example.org"
        reponse = client.post(FORMULAIRE, demande(courriel))
        assert (reponse.status_code, reponse.url) == (302, f"{FORMULAIRE}?envoyee=1")
        pages.add(client.get(reponse.url).content)
        assert Courriel.objects.filter(destinataire=courriel).count() == 1
    for _ in range(4):  # past the limit of the address, nothing tells
        assert client.post(FORMULAIRE, demande("dedans@example.org")).status_code == 302
    assert len(pages) == 1
    assert Courriel.objects.filter(destinataire="dedans@example.org").count() == 3


def test_network_that_asks_too_much_is_told_to_wait(client):
    for rang in range(10):
        assert client.post(FORMULAIRE, demande(f"a{rang}@example.org")).status_code == 302
    reponse = client.post(FORMULAIRE, demande("onzieme@example.org"))
    assert reponse.status_code == 429
    assert "onzieme@example.org" in reponse.content.decode()
    assert not Abonne.objects.filter(courriel="onzieme@example.org").exists()


def test_same_form_sent_twice_sends_one_mail(client):
    deux_fois = demande()
    for _ in range(2):
        assert client.post(FORMULAIRE, deux_fois).status_code == 302
    assert Courriel.objects.count() == 1


def test_robot_and_missing_consent_are_refused(client):
    for autres in [{"piege": "x"}, {"accord": ""}, {"courriel": "pas une adresse"}, {"cle": "x"}]:
        reponse = client.post(FORMULAIRE, demande(**autres))
        assert (reponse.status_code, Abonne.objects.count()) == (200, 0), autres
        assert "Votre demande n'est pas partie" in reponse.content.decode().replace("&#x27;", "'"), autres


def test_words_changed_since_the_page_was_opened_are_shown_before_they_are_accepted(client):
    client.post(FORMULAIRE, demande("premiere@example.org"))
    abonnements.nouvelle_mention(texte="J'accepte autre chose.", par=None)
    reponse = client.post(FORMULAIRE, demande())
    assert "Ces mots ont changé" in reponse.content.decode()
    assert not Abonne.objects.filter(courriel=LEA).exists()
    assert re.search(r'name="version" value="2"', reponse.content.decode())
    assert client.post(FORMULAIRE, demande(version="2")).status_code == 302
    assert Abonne.objects.get(courriel=LEA).mention.texte == "J'accepte autre chose."
    assert Abonne.objects.get(courriel="premiere@example.org").mention.texte == MENTION_PAR_DEFAUT


@pytest.mark.parametrize("sorte", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_one_click_as_rfc_8058_asks(sorte):
    """Both encodings, no cookie, no token of a form, a 200 that leads nowhere and sets no cookie."""
    envoi = EnvoiFactory()
    url = "/" + liens.CHEMINS["desabonner"].format(
        liens.jeton_d_abonne(envoi.abonne.pk, envoi.abonne.jeton, envoi.numero_id)
    )
    corps = {
        "application/x-www-form-urlencoded": (b"List-Unsubscribe=One-Click", ""),
        "multipart/form-data": (
            b'--B\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--B--\r\n',
            "; boundary=B",
        ),
    }[sorte]
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        reponse = client.generic("POST", url, corps[0], content_type=sorte + corps[1])
        assert (reponse.status_code, len(reponse.cookies)) == (200, 0)
    assert not Abonne.objects.exists()
    depart = Desabonnement.objects.get()
    assert (depart.voie, depart.numero) == ("un_clic", envoi.numero)


def test_unsubscribing_by_the_page_then_coming_back(client):
    abonne = AbonneFactory(courriel=LEA)
    url = "/" + liens.CHEMINS["desabonner"].format(liens.jeton_d_abonne(abonne.pk, abonne.jeton))
    assert "Me désabonner" in client.get(url).content.decode()
    assert Abonne.objects.exists()
    assert client.post(url).status_code == 200
    assert Desabonnement.objects.get().voie == "lien"
    assert "Cet abonnement est terminé" in client.get(url).content.decode()
    client.post(FORMULAIRE, demande())
    client.post(lien_recu())
    assert (Abonne.objects.get().etat, Desabonnement.objects.count()) == ("confirme", 0)
    reponse = client.post(url)  # a letter of the first subscription: nothing is done, and nothing says that it is
    assert reponse.status_code == 200
    assert "Prenez le lien d'une lettre plus récente" in unescape(reponse.content.decode())
    assert Abonne.objects.exists()


def test_broken_and_old_links_say_so(client):
    for page in ["confirmer", "preferences", "desabonner"]:
        assert client.get(f"/lettre/{page}/cassé/").status_code == 404
        assert client.post(f"/lettre/{page}/cassé/").status_code == 404
    jeton = liens.jeton_de_confirmation(AbonneFactory(etat="en_attente"))
    assert client.post(f"/lettre/preferences/{jeton}/").status_code == 404  # a link has one purpose


def test_preferences_change_what_is_read(client):
    abonne = AbonneFactory(courriel=LEA)
    url = "/" + liens.CHEMINS["preferences"].format(liens.jeton_d_abonne(abonne.pk, abonne.jeton))
    donnees = {"frequence": "mensuelle", "natures": ["benevolat"]}
    assert client.post(url, donnees).url == url
    abonne.refresh_from_db()
    assert (abonne.frequence, abonne.interets.natures) == ("mensuelle", ["benevolat"])
    assert 'value="benevolat"' in client.get(url).content.decode()
    for faux in [{"frequence": "jamais"}, {"natures": ["or"]}, {"commune": "Nulle-Part-sur-Rien"}, {"km": "7"}]:
        assert client.post(url, donnees | faux).status_code == 200, faux
    trop = [ActiviteFactory().pk for _ in range(41)]
    assert "40 activités au plus" in client.post(url, donnees | {"activites": trop}).content.decode()
    abonne.refresh_from_db()
    assert abonne.interets.natures == ["benevolat"]


def test_member_subscribes_chooses_and_leaves_from_the_account(client):
    membre = UtilisateurFactory()
    client.force_login(membre)
    url = reverse("newsletter:mon_abonnement")
    assert client.get(url).status_code == 200
    assert client.post(url, {"frequence": "chaque"}).status_code == 200  # without agreeing to the words
    assert not Abonne.objects.exists()
    assert client.post(url, {"frequence": "chaque", "accord": "on", "version": "1"}).status_code == 302
    abonne = Abonne.objects.get()
    assert (abonne.courriel, abonne.etat, abonne.formulaire) == (membre.email, "confirme", "compte")
    assert (abonne.utilisateur, abonne.mention.version) == (membre, 1)
    assert not Courriel.objects.exists()
    client.post(url, {"frequence": "mensuelle", "natures": ["local"]})
    abonne.refresh_from_db()
    assert (abonne.frequence, abonne.interets.natures) == ("mensuelle", ["local"])
    client.post(url, {"geste": "desabonner"})
    assert (Abonne.objects.count(), Desabonnement.objects.get().voie) == (0, "compte")


def test_member_finds_the_subscription_made_by_the_form_at_their_address(client):
    membre = UtilisateurFactory()
    AbonneFactory(courriel=membre.email)
    AbonneFactory(courriel="autre@example.org", utilisateur=UtilisateurFactory())
    client.force_login(membre)
    page = client.get(reverse("newsletter:mon_abonnement")).content.decode()
    assert f"Vous la recevez à <strong>{membre.email}" in page


def test_suspended_member_may_start_again(client):
    membre = UtilisateurFactory()
    AbonneFactory(courriel=membre.email, utilisateur=membre, etat="suspendu")
    client.force_login(membre)
    url = reverse("newsletter:mon_abonnement")
    assert "sont arrêtés" in client.get(url).content.decode()
    client.post(url, {"frequence": "chaque", "accord": "on", "version": str(MentionFactory().version)})
    assert Abonne.objects.get().etat == "confirme"


def test_get_writes_no_version_of_the_words(client):
    client.get(FORMULAIRE)
    assert not MentionConsentement.objects.exists()


def test_number_of_queries_does_not_follow_the_number_of_activities(client, nombre_de_requetes):
    ActiviteFactory()
    une = nombre_de_requetes(lambda: client.get(FORMULAIRE))
    parent = ActiviteFactory()
    for _ in range(5):
        ActiviteFactory(parent=parent)
    assert nombre_de_requetes(lambda: client.get(FORMULAIRE)) == une
