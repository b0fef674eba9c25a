"""« Prévenir les structures », and the référent's way out of it; a new word of vigilance reads short news again."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from newsletter import liens
from newsletter.actions import rappels
from newsletter.models import Breve, Numero, SansRappel
from pole_ess.socle.models import Courriel
from tests.factories import RattachementFactory
from tests.factories.newsletter import BreveFactory, NumeroFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def equipe(client, animateur):
    client.force_login(animateur)
    return client


@pytest.fixture
def numero(db):
    return NumeroFactory(sujet="La lettre d'été")


def url(nom, *args):
    return reverse(f"newsletter:{nom}", args=args)


def lu(reponse) -> str:
    return reponse.content.decode().replace("\xa0", " ").replace("&#x27;", "'")


def messages_de(numero):
    return Courriel.objects.filter(gabarit=rappels.GABARIT, objet_id=str(numero.pk))


def test_the_staff_tell_once_and_read_when(equipe, referent, numero):
    autre = RattachementFactory(role="referent").utilisateur
    page = url("prevenir", numero.pk)
    assert page in lu(equipe.get(url("rediger", numero.pk)))
    assert "2 référents recevront ce message" in lu(equipe.get(page))
    assert not messages_de(numero).exists()
    assert "2 personnes sont prévenues" in lu(equipe.post(page, follow=True))
    assert set(messages_de(numero).values_list("destinataire", flat=True)) == {referent.email, autre.email}
    RattachementFactory(role="referent")
    assert "déjà été prévenues" in lu(equipe.post(page, follow=True))
    assert messages_de(numero).count() == 2
    faite = lu(equipe.get(page))
    assert "2 messages" in faite
    assert ">Prévenir les structures</button>" not in faite
    Numero.objects.filter(pk=numero.pk).update(etat="programme", programme_le=timezone.now() + timedelta(days=3))
    assert rappels.rappeler_dus() == 0, "the portal's own reminder is the same one"


def test_nobody_to_tell(equipe, structure, referent, numero):
    BreveFactory(structure=structure)
    page = url("prevenir", numero.pk)
    assert "Personne à prévenir" in lu(equipe.get(page))
    assert "rien n'est parti" in lu(equipe.post(page, follow=True))


@pytest.mark.parametrize("etat", ["en_cours", "termine", "annule"])
def test_a_letter_that_has_started_asks_for_nothing(equipe, referent, etat):
    numero = NumeroFactory(etat=etat)
    assert equipe.post(url("prevenir", numero.pk)).url == url("suivi", numero.pk)
    assert rappels.rappeler(numero) == 0
    assert not messages_de(numero).exists()


@pytest.mark.parametrize("referents", [1, 7])
def test_the_page_costs_the_same(equipe, numero, nombre_de_requetes, referents):
    for _ in range(referents):
        RattachementFactory(role="referent")
    assert nombre_de_requetes(lambda: equipe.get(url("prevenir", numero.pk))) == 10


def test_the_link_of_the_mail_stops_it_without_an_account(client, referent, numero):
    rappels.rappeler(numero)
    courriel = messages_de(numero).get()
    lien = re.search(r"http://\S+/lettre/rappel/[^\s/]+/", courriel.texte)[0]
    assert lien in courriel.html
    chemin = re.sub(r"^http://[^/]+", "", lien)
    assert "Ne plus recevoir ce rappel ?" in lu(client.get(chemin))
    assert rappels.recoit_le_rappel(referent)
    for _ in range(2):
        assert "Vous ne recevez plus ce rappel" in lu(client.post(chemin))
    assert SansRappel.objects.get().utilisateur == referent
    assert rappels.rappeler(NumeroFactory()) == 0


def test_the_link_once_its_year_has_passed_or_its_account_is_closed(client, referent, monkeypatch):
    jeton = liens.jeton_de_rappel(referent)
    monkeypatch.setattr(liens, "JOURS_RAPPEL", -1)
    assert client.post(url("rappel", jeton)).status_code == 410
    monkeypatch.undo()
    assert client.post(url("rappel", jeton[:-2])).status_code == 404
    referent.is_active = False
    referent.save()
    assert client.post(url("rappel", jeton)).status_code == 404
    assert not SansRappel.objects.exists()


def test_the_account_stops_it_and_takes_it_back(client, referent, numero):
    client.force_login(referent)
    assert "Ne plus recevoir ce rappel" in lu(client.get(url("mes_breves")))
    assert "recommencez" in lu(client.post(url("mon_rappel"), {"geste": "voler"}, follow=True))
    assert rappels.recoit_le_rappel(referent)
    assert "Recevoir de nouveau" in lu(client.post(url("mon_rappel"), {"geste": "arreter"}, follow=True))
    assert rappels.a_prevenir(numero) == []
    client.post(url("mon_rappel"), {"geste": "reprendre"})
    assert rappels.a_prevenir(numero) == [referent]


def test_a_new_word_of_vigilance_lists_what_is_in_line(equipe, structure):
    """As for announcements: nothing leaves the portal, what holds the word waits to be read."""
    louche = BreveFactory(structure=structure, etat="publiee", texte="Des gains garantis pour tous.")
    deja = BreveFactory(structure=structure, etat="publiee", titre="Gain garanti", vigilance=["gain garanti"])
    propre = BreveFactory(structure=structure, etat="publiee", texte="On regagne le terrain.")
    cachee = BreveFactory(structure=structure, etat="a_valider", texte="Gain garanti.")
    mot = reverse("admin:ressources_motdevigilance_add")
    reponse = equipe.post(mot, {"expression": "gain garanti", "raison": ""}, follow=True)
    assert "1 brève en ligne contient ce mot" in lu(reponse)
    etats = {b.pk: (b.etat, b.vigilance, b.a_relire_depuis is not None) for b in Breve.objects.all()}
    assert etats == {
        louche.pk: ("publiee", ["gain garanti"], True),
        deja.pk: ("publiee", ["gain garanti"], False),
        propre.pk: ("publiee", [], False),
        cachee.pk: ("a_valider", [], False),
    }
