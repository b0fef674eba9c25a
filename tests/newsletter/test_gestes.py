"""Acting from a letter: who the link speaks for, what it does, what is counted, what an old or broken one does."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from annuaire.models import MessageRelaye
from newsletter import liens
from newsletter.actions import abonnements, gestes
from newsletter.models import Bloc, Element, Geste
from pole_ess.socle.models import Courriel
from ressources.models import MiseEnRelation
from reunions.models import Participation
from tests.factories import RattachementFactory, StructureFactory
from tests.factories.newsletter import AbonneFactory, NumeroFactory
from tests.factories.ressources import AnnonceFactory, MiseEnRelationFactory
from tests.factories.reunions import ReunionFactory

pytestmark = pytest.mark.django_db
CLE = "6f0c3a3e-0000-4000-8000-000000000001"


@pytest.fixture
def numero(db):
    return NumeroFactory(etat="termine")


@pytest.fixture
def lectrice(db):
    return AbonneFactory(courriel="lectrice@example.org")


def lien(numero, abonne, sorte, objet) -> str:
    bloc = Bloc.objects.create(numero=numero, genre="rencontres" if sorte == "reunion" else "besoins")
    element = Element.objects.create(numero=numero, bloc=bloc, sorte=sorte, **{sorte: objet})
    return reverse("newsletter:geste", args=[liens.jeton_d_abonne(abonne.pk, abonne.jeton, numero.pk), element.pk])


def miennes(numero, abonne) -> str:
    return reverse("newsletter:gestes", args=[liens.jeton_d_abonne(abonne.pk, abonne.jeton, numero.pk)])


def comptes(numero) -> dict:
    return {genre: numero.gestes.filter(genre=genre).count() for genre in numero.gestes.values_list("genre", flat=True)}


def test_addresses_of_mails_are_those_of_the_pages():
    assert liens.url("geste", "x", 4) == "http://testserver" + reverse("newsletter:geste", args=["x", 4])
    assert liens.url("miennes", "x") == "http://testserver" + reverse("newsletter:gestes", args=["x"])


def test_helping_without_an_account_mails_the_announcer_once(client, numero, lectrice):
    annonce = AnnonceFactory(sens="besoin", titre="Un vidéoprojecteur", structure__courriel="asso@example.org")
    url = lien(numero, lectrice, "annonce", annonce)
    page = client.get(url)
    assert "Un vidéoprojecteur" in page.content.decode()
    assert not Geste.objects.exists()
    donnees = {"nom": "Une lectrice", "texte": "J'en ai un.", "cle": CLE}
    for _ in range(2):
        assert "Votre message est parti" in client.post(url, donnees).content.decode()
    message = MessageRelaye.objects.get()
    assert (message.structure, message.courriel) == (annonce.structure, "lectrice@example.org")
    assert "« Un vidéoprojecteur »" in message.texte
    assert Courriel.objects.get().repondre_a == "lectrice@example.org"
    assert comptes(numero) == {"aide": 1}


def test_helping_as_a_member_opens_a_conversation(client, numero):
    membre = RattachementFactory(role="membre")
    abonne = AbonneFactory(courriel=membre.utilisateur.email)
    annonce = AnnonceFactory(sens="offre")
    url = lien(numero, abonne, "annonce", annonce)
    assert "Cela m" in client.get(url).content.decode()
    client.post(url, {"structure": membre.structure.pk, "texte": "Volontiers.", "cle": CLE})
    relation = MiseEnRelation.objects.get()
    assert (relation.structure, relation.par, relation.annonce) == (membre.structure, membre.utilisateur, annonce)
    assert comptes(numero) == {"interet": 1}


def test_a_message_left_empty_comes_back_with_what_was_typed(client, numero, lectrice):
    url = lien(numero, lectrice, "annonce", AnnonceFactory(sens="besoin"))
    page = client.post(url, {"nom": "Une lectrice", "texte": "", "cle": CLE}).content.decode()
    assert "Écrivez quelques mots." in page
    assert 'value="Une lectrice"' in page
    assert not Geste.objects.exists()


def test_coming_to_a_meeting(client, numero, lectrice):
    reunion = ReunionFactory(audience="publique")
    url = lien(numero, lectrice, "reunion", reunion)
    client.get(url)
    assert not Participation.objects.exists()
    for _ in range(2):
        assert "sur la liste" in client.post(url, {"nom": "Une lectrice"}).content.decode()
    participation = Participation.objects.get()
    assert (participation.courriel, participation.reponse) == ("lectrice@example.org", "present")
    assert comptes(numero) == {"presence": 1}


def test_coming_with_an_account_needs_no_name(client, numero, membre):
    membre.emailaddress_set.create(email="autre@example.org", verified=True)
    abonne = AbonneFactory(courriel="autre@example.org", utilisateur=membre)
    client.post(lien(numero, abonne, "reunion", ReunionFactory(audience="publique")))
    assert Participation.objects.get().utilisateur == membre


def test_acting_is_a_sign_of_life(client, numero, lectrice):
    """Three years without one are asked about: who answers from the letter reads it."""
    ancien = timezone.now() - timedelta(days=3 * 365 + 1)
    type(lectrice).objects.update(dernier_signe_le=ancien, relance_le=timezone.now() - timedelta(days=31))
    client.post(lien(numero, lectrice, "reunion", ReunionFactory(audience="publique")), {"nom": "Léa", "cle": CLE})
    abonnements.purger()
    lectrice.refresh_from_db()
    assert (lectrice.relance_le, lectrice.dernier_signe_le > ancien) == (None, True)


def test_old_mailbox_of_an_account_speaks_for_nobody(numero, referent):
    """The account's address has changed since: whoever reads the old one is not let into its structures."""
    abonne = AbonneFactory(courriel=referent.email, utilisateur=referent)
    assert gestes.personne(abonne) == referent
    referent.emailaddress_set.all().delete()
    type(referent).objects.filter(pk=referent.pk).update(email="nouvelle@example.org")
    abonne.refresh_from_db()
    assert gestes.personne(abonne) is None
    assert list(gestes.structures(abonne)) == []


def test_met_or_still_true_by_the_structure_s_own_address(client, numero, lectrice):
    structure = StructureFactory(courriel="Lectrice@example.org")
    pourvue, valable = (
        AnnonceFactory(structure=structure),
        AnnonceFactory(structure=structure, expire_le=timezone.localdate() + timedelta(days=4)),
    )
    avant = valable.expire_le
    url = miennes(numero, lectrice)
    page = unescape(client.get(url).content.decode())
    assert pourvue.titre in page
    assert structure.nom in page
    lue = unescape(client.get(url, {"geste": "pourvue", "pk": pourvue.pk}).content.decode())
    assert "On ne pourra plus y répondre" in lue
    pourvue.refresh_from_db()
    assert pourvue.etat == "publiee"
    for _ in range(2):
        assert client.post(url, {"geste": "pourvue", "pk": pourvue.pk}).url == url
    client.post(url, {"geste": "valable", "pk": valable.pk})
    client.post(url, {"geste": "exacte", "pk": structure.pk})
    for objet in (pourvue, valable, structure):
        objet.refresh_from_db()
    assert pourvue.etat == "pourvue"
    assert valable.expire_le > avant
    assert structure.verifiee_par == "lettre"
    assert comptes(numero) == {"pourvu": 1, "exact": 2}


def test_met_with_whom_is_said_on_the_way(client, numero, lectrice):
    """The structure that answered is retained, the other is told; who it was, and two answers at once, come back."""
    annonce = AnnonceFactory(structure=StructureFactory(courriel=lectrice.courriel), sens="besoin")
    retenue, autre = (MiseEnRelationFactory(annonce=annonce, structure__nom=nom) for nom in ("L'Atelier", "La Grange"))
    url, pourvue = miennes(numero, lectrice), {"geste": "pourvue", "pk": annonce.pk, "avec": retenue.structure_id}
    page = unescape(client.get(url, pourvue).content.decode())
    for mots in ("Avec quelle structure", "L'Atelier", "La Grange", "Fermer l'annonce"):
        assert mots in page
    deux = unescape(client.post(url, {**pourvue, "avec_libre": "Quelqu'un"}).content.decode())
    assert "pas les deux" in deux
    assert 'value="Quelqu\'un"' in deux
    annonce.refresh_from_db()
    assert (annonce.etat, Geste.objects.count()) == ("publiee", 0)
    client.post(url, pourvue)
    for objet in (annonce, retenue, autre):
        objet.refresh_from_db()
    assert (annonce.etat, autre.etat) == ("pourvue", "declinee")
    assert retenue.etat not in ("declinee", "sans_suite")
    assert comptes(numero) == {"pourvu": 1}
    assert "déjà fermée" in unescape(client.post(url, pourvue, follow=True).content.decode())


def test_nobody_speaks_for_a_structure_that_is_not_theirs(client, numero, membre):
    """A plain member may answer for it, not close its announcements; a stranger neither."""
    structure = membre.rattachements.get().structure
    annonce = AnnonceFactory(structure=structure)
    for abonne in (AbonneFactory(), AbonneFactory(courriel=membre.email)):
        url = miennes(numero, abonne)
        assert annonce.titre not in client.get(url).content.decode()
        for acte in (client.get, client.post):
            assert acte(url, {"geste": "pourvue", "pk": annonce.pk}).status_code == 404
        assert client.post(url, {"geste": "exacte", "pk": structure.pk}).status_code == 404
    annonce.refresh_from_db()
    assert annonce.etat == "publiee"
    assert not Geste.objects.exists()


def test_a_closed_account_speaks_for_nobody(numero, referent):
    abonne = AbonneFactory(courriel=referent.email)
    assert list(gestes.structures(abonne)) == [referent.rattachements.get().structure]
    type(referent).objects.update(is_active=False)
    assert list(gestes.structures(abonne)) == []


def test_the_link_of_the_archive_acts_for_nobody(client, numero):
    annonce = AnnonceFactory(sens="besoin")
    url = re.sub(r"/geste/[^/]+/", "/geste/-/", lien(numero, AbonneFactory(), "annonce", annonce))
    assert client.get(url).url == annonce.get_absolute_url()
    assert client.post(url, {"nom": "X", "texte": "Y", "cle": CLE}).status_code == 302
    assert not Geste.objects.exists()
    brouillon = lien(NumeroFactory(), AbonneFactory(), "annonce", annonce)
    assert client.get(re.sub(r"/geste/[^/]+/", "/geste/-/", brouillon)).status_code == 404


def test_broken_old_and_foreign_links(client, numero, lectrice, monkeypatch):
    url = lien(numero, lectrice, "annonce", AnnonceFactory(sens="besoin"))
    assert client.get(url[:-8] + "/1/").status_code == 404
    autre = liens.jeton_d_abonne(lectrice.pk, lectrice.jeton, NumeroFactory(etat="termine").pk)
    assert client.get(re.sub(r"/geste/[^/]+/", f"/geste/{autre}/", url)).status_code == 404  # of another issue
    monkeypatch.setattr(liens, "JOURS_GESTE", -1)
    reponse = client.get(url)
    assert reponse.status_code == 410
    assert "plus valable" in reponse.content.decode()
    monkeypatch.undo()
    lectrice.delete()
    assert client.get(url).status_code == 404


def test_too_many_acts_a_day_from_one_letter(client, numero, lectrice, monkeypatch):
    monkeypatch.setattr("newsletter.views.gestes.GESTES_PAR_JOUR", 0)
    url = lien(numero, lectrice, "annonce", AnnonceFactory(sens="besoin"))
    reponse = client.post(url, {"nom": "Une lectrice", "texte": "Oui.", "cle": CLE})
    assert reponse.status_code == 429
    assert "Oui." in reponse.content.decode()
    assert not Geste.objects.exists()
