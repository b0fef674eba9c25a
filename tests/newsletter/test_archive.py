"""The letters already sent: public, without anybody's data, without what was taken back since."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from newsletter.actions import preparation
from newsletter.models import Bloc, Element
from tests.factories import StructureFactory
from tests.factories.newsletter import AbonneFactory, BreveFactory, NumeroFactory
from tests.factories.ressources import AnnonceFactory
from tests.factories.reunions import EvenementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lettre(db):
    """Sent to somebody, about an offer, an event, a piece of news; one item was dropped by the staff."""
    AbonneFactory(courriel="lea@example.org")
    structure = StructureFactory(nom="Les Jardins")
    numero = NumeroFactory(sujet="La lettre d'été", etat="programme", programme_le=timezone.now())
    Bloc.objects.create(numero=numero, genre="texte", texte="Bonjour à **toutes** et à tous.")
    objets = {
        "offres": [
            ("annonce", AnnonceFactory(titre="Un barnum", structure=structure)),
            ("annonce", AnnonceFactory(titre="Écartée", structure=structure)),
        ],
        "rencontres": [("evenement", EvenementFactory(titre="Portes ouvertes", structure=structure))],
        "breves": [("breve", BreveFactory(titre="Une embauche", structure=structure))],
    }
    for ordre, (genre, choses) in enumerate(objets.items(), start=1):
        bloc = Bloc.objects.create(numero=numero, genre=genre, ordre=ordre)
        for rang, (sorte, objet) in enumerate(choses):
            ecarte = getattr(objet, "titre", "") == "Écartée"
            Element.objects.create(numero=numero, bloc=bloc, ordre=rang, sorte=sorte, ecarte=ecarte, **{sorte: objet})
    assert preparation.lancer(numero)
    numero.refresh_from_db()
    return numero


def lire(client, numero):
    return client.get(numero.get_absolute_url()).content.decode()


def test_page_says_what_was_sent_and_nobodys_data(client, lettre):
    page = lire(client, lettre)
    for attendu in ["Un barnum", "Portes ouvertes", "Une embauche", "<strong>toutes</strong>"]:
        assert attendu in page
    assert "Écartée" not in page
    for prive in ["lea@example.org", "Jeton", "/lettre/preferences/", "/lettre/desabonner/"]:
        assert prive not in page
    assert 'href="/offres-et-besoins/' in page


def test_what_is_over_stays_what_was_taken_back_goes(client, lettre):
    annonce, evenement, breve = (
        lettre.elements.get(ecarte=False, sorte=sorte).objet for sorte in ("annonce", "evenement", "breve")
    )
    hier = timezone.now() - timezone.timedelta(days=1)
    type(annonce).objects.filter(pk=annonce.pk).update(expire_le=hier.date())
    type(evenement).objects.filter(pk=evenement.pk).update(debut=hier, fin=None)
    assert "Un barnum" in lire(client, lettre)
    assert "Portes ouvertes" in lire(client, lettre)
    type(annonce).objects.filter(pk=annonce.pk).update(etat="retiree", close_le=hier)
    type(breve).objects.filter(pk=breve.pk).update(etat="retiree", close_le=hier)
    page = lire(client, lettre)
    assert "Un barnum" not in page
    assert "Une embauche" not in page
    assert "Portes ouvertes" in page
    evenement.structure.etat = "archivee"
    evenement.structure.save()
    assert "Les Jardins" not in lire(client, lettre)


def test_item_added_after_the_sending_is_not_shown(client, lettre):
    bloc = lettre.blocs.get(genre="breves")
    Element.objects.create(
        numero=lettre, bloc=bloc, ordre=9, sorte="breve", breve=BreveFactory(titre="Venue après la lettre")
    )
    assert "Venue après" not in lire(client, lettre)


def test_list_and_feed(client, lettre):
    NumeroFactory(sujet="Un brouillon secret")
    page = client.get(reverse("newsletter:archives")).content.decode()
    assert "La lettre d&#x27;été" in page
    assert "secret" not in page
    reponse = client.get(reverse("newsletter:flux"))
    titres = re.findall(r"<item><title>(.*?)</title>", reponse.content.decode())
    assert titres == ["La lettre d'été"]
    encore = client.get(reverse("newsletter:flux"), headers={"if-none-match": reponse["ETag"]})
    assert encore.status_code == 304


@pytest.mark.parametrize("requete", ["?page=0", "?page=-1", "?page=x", "?page=" + "9" * 40])
def test_odd_pages(client, lettre, requete):
    for nom in ["newsletter:archives", "newsletter:breves"]:
        assert client.get(reverse(nom) + requete).status_code == 200


def test_same_number_of_queries_with_one_and_with_many(client, lettre, nombre_de_requetes):
    liste = reverse("newsletter:archives")
    assert nombre_de_requetes(lambda: client.get(liste)) == 4
    une = nombre_de_requetes(lambda: client.get(lettre.get_absolute_url()))
    for rang in range(2, 6):
        NumeroFactory(etat="termine", rang=rang + 100, prevus=0)
        BreveFactory()
    bloc = lettre.blocs.get(genre="offres")
    for rang in range(4):
        objet = AnnonceFactory()
        element = Element.objects.create(numero=lettre, bloc=bloc, ordre=rang + 5, sorte="annonce", annonce=objet)
        entier = lettre.rendus.get(complet=True)
        entier.elements.append(element.pk)
        entier.save()
    assert nombre_de_requetes(lambda: client.get(liste)) == 4
    assert nombre_de_requetes(lambda: client.get(lettre.get_absolute_url())) == une


def test_site_map_names_letters_and_news(client, lettre):
    breve = BreveFactory()
    assert lettre.get_absolute_url() in client.get("/sitemap-lettres.xml").content.decode()
    assert breve.get_absolute_url() in client.get("/sitemap-breves.xml").content.decode()
