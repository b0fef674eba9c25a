"""« Toujours valable ? »: when it is asked, never twice, the signed link and its three answers; archiving by age."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from pole_ess.socle import liens
from pole_ess.socle.models import Courriel
from ressources.actions import annonces_rappels, cloture, publication
from ressources.models import Annonce, Bilan, MiseEnRelation
from ressources.tasks.annonces import archiver_annonces, rappeler_annonces
from tests.factories import RattachementFactory
from tests.factories.ressources import AnnonceFactory, MiseEnRelationFactory
from tests.ressources.test_lots_fils import ensemble

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("notifie_aussitot")]
JOUR = timedelta(days=1)


def annonce_(reste, **valeurs):
    """Published for a month; `reste`: days before its last day."""
    valeurs = {"publiee_le": timezone.now() - 30 * JOUR} | valeurs
    return AnnonceFactory(expire_le=timezone.localdate() + reste * JOUR, **valeurs)


def vieillir(annonce, reste):
    Annonce.objects.filter(pk=annonce.pk).update(expire_le=timezone.localdate() + timedelta(days=reste))


def chemin(courriel) -> str:
    return re.search(r"/offres-et-besoins/lien/annonce/\S+/", courriel.texte)[0]


def test_asked_14_and_3_days_before_and_the_day_after_never_twice():
    annonce = annonce_(20)
    comptes = []
    for reste in (15, 14, 13, 4, 3, 0, -1, -2):
        avant = Courriel.objects.count()
        # The last day is the same: it is the days that go by.
        Annonce.objects.filter(pk=annonce.pk).update(expire_le=timezone.localdate() + reste * JOUR)
        rappeler_annonces(timestamp=0)
        rappeler_annonces(timestamp=0)
        comptes.append(Courriel.objects.count() - avant)
    assert comptes == [0, 1, 0, 0, 1, 0, 1, 0]
    annonce.refresh_from_db()
    assert (annonce.rappels, annonce.rappelee_le) == (3, timezone.localdate())
    assert annonce.history.count() == 1


def test_what_each_mail_says():
    for reste, sujet, mots in [
        (14, "Toujours valable ?", "dans 14 jours"),
        (1, "Toujours valable ?", "dans 1 jour :"),
        (0, "Toujours valable ?", "C'est le dernier jour"),
        (-1, "Annonce expirée", "a expiré le"),
    ]:
        Courriel.objects.all().delete()
        annonce = annonce_(reste, titre="Barnum")
        MiseEnRelationFactory(annonce=annonce)
        assert annonces_rappels.rappeler() == 1
        courriel = Courriel.objects.get()
        assert courriel.sujet.startswith(sujet)
        assert mots in courriel.texte
        assert mots in courriel.html
        assert "1 structure attend votre réponse" in courriel.texte
        assert chemin(courriel) in courriel.html


def test_after_an_outage_one_mail_for_those_missed():
    annonce_(2)
    assert [annonces_rappels.rappeler(), annonces_rappels.rappeler()] == [1, 0]
    assert Courriel.objects.count() == 1


def test_a_month_after_expiry_nobody_is_asked_any_more():
    annonce_(-31)
    assert annonces_rappels.rappeler() == 0


def test_not_on_the_heels_of_the_publication():
    annonce = annonce_(10, publiee_le=timezone.now() - 6 * JOUR)
    assert annonces_rappels.rappeler() == 0
    Annonce.objects.filter(pk=annonce.pk).update(publiee_le=timezone.now() - 8 * JOUR)
    assert annonces_rappels.rappeler() == 1


@pytest.mark.parametrize("etat", [etat for etat in Annonce.Etat.values if etat != "publiee"])
def test_only_published_ones_are_asked_about(etat):
    annonce_(2, etat=etat)
    assert annonces_rappels.rappeler() == 0


def test_not_those_of_a_structure_that_nobody_sees():
    annonce = annonce_(2)
    annonce.structure.etat = "archivee"
    annonce.structure.save()
    assert annonces_rappels.rappeler() == 0


def test_a_prolonged_one_is_asked_about_again_later():
    annonce = annonce_(3)
    annonces_rappels.rappeler()
    publication.prolonger(annonce, jours=30)
    assert annonces_rappels.rappeler() == 0
    vieillir(annonce, 13)
    assert annonces_rappels.rappeler() == 1


def test_mailed_to_each_referent_or_to_the_structure():
    annonce = annonce_(3)
    annonces_rappels.rappeler()
    assert Courriel.objects.get().destinataire == annonce.structure.courriel
    autre = annonce_(3)
    referents = [RattachementFactory(structure=autre.structure, role="referent").utilisateur for _ in range(2)]
    annonces_rappels.rappeler()
    adresses = set(Courriel.objects.values_list("destinataire", flat=True)) - {annonce.structure.courriel}
    assert adresses == {referent.email for referent in referents}


@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_once():
    for _ in range(5):
        annonce_(3)
    assert ensemble([annonces_rappels.rappeler] * 3) == []
    assert Courriel.objects.count() == 5


# --- the link ----------------------------------------------------------------------------------------------------


@pytest.fixture
def annonce(structure):
    return annonce_(3, structure=structure, titre="Barnum")


def test_a_get_changes_nothing(client, annonce):
    lien = annonces_rappels.lien(annonce)
    html = client.get(lien).content.decode()
    assert "Prolonger de trois mois" in html
    assert 'name="referrer" content="same-origin"' in html
    assert client.get(lien + "?reponse=prolonger").status_code == 200
    assert client.get(lien + "?reponse=pourvue").context["form"] is not None
    apres = Annonce.objects.get(pk=annonce.pk)
    assert (apres.etat, apres.expire_le) == ("publiee", annonce.expire_le)


def test_prolonged_without_an_account_then_the_link_is_spent(client, annonce):
    lien = annonces_rappels.lien(annonce)
    reponse = client.post(lien, {"reponse": "prolonger"})
    assert "est valable jusqu'au" in reponse.content.decode()
    assert Annonce.objects.get().expire_le == timezone.localdate() + 90 * JOUR
    vieillir(annonce, 3)  # the same last day again: the token itself has served
    for methode in (client.get, client.post):
        reponse = methode(lien, {"reponse": "retirer"})
        assert reponse.status_code == 410
        assert "déjà été prolongée, ou fermée" in reponse.content.decode()
    assert Annonce.objects.get().etat == "publiee"


def test_an_expired_one_is_revived_by_its_link(client, structure):
    annonce = annonce_(-1, structure=structure)
    client.post(annonces_rappels.lien(annonce), {"reponse": "prolonger"})
    annonce.refresh_from_db()
    assert annonce.est_ouverte


def test_a_link_sent_before_somebody_prolonged_does_not_act_any_more(client, annonce, referent):
    lien = annonces_rappels.lien(annonce)
    publication.prolonger(annonce, par=referent)
    assert client.post(lien, {"reponse": "retirer"}).status_code == 410
    assert Annonce.objects.get().etat == "publiee"


def test_met_by_the_link_with_whom_and_figures(client, annonce):
    choisie = MiseEnRelationFactory(annonce=annonce)
    lien = annonces_rappels.lien(annonce)
    html = client.get(lien + "?reponse=pourvue").content.decode()
    assert escape(choisie.structure.nom) in html
    faux = client.post(lien, {"reponse": "pourvue", "heures": "deux"})
    assert (faux.status_code, Annonce.objects.get().etat) == (200, "publiee")
    assert 'value="deux"' in faux.content.decode()
    donnees = {"reponse": "pourvue", "avec": choisie.structure.pk, "heures": "2,5"}
    assert "est pourvue" in client.post(lien, donnees).content.decode()
    assert (Annonce.objects.get().etat, MiseEnRelation.objects.get().etat) == ("pourvue", "conclue")
    assert str(Bilan.objects.get().heures) == "2.50"


def test_taken_off_by_the_link(client, annonce):
    assert "est retirée" in client.post(annonces_rappels.lien(annonce), {"reponse": "retirer"}).content.decode()
    assert Annonce.objects.get().etat == "retiree"


def test_an_unknown_answer_shows_the_page_again(client, annonce):
    assert client.post(annonces_rappels.lien(annonce), {"reponse": "publier"}).status_code == 200
    assert Annonce.objects.get().etat == "publiee"


def test_a_link_of_another_purpose_or_too_old_is_refused(client, annonce, monkeypatch):
    autre = liens.signer("fiche", {"a": annonce.pk, "e": str(annonce.expire_le)})
    assert client.get(reverse("ressources:annonce_lien", args=[autre])).status_code == 404
    lien = annonces_rappels.lien(annonce)
    monkeypatch.setattr(annonces_rappels, "JOURS_LIEN", -1)
    vieux = client.get(lien)
    assert vieux.status_code == 410
    assert "valable 60 jours" in vieux.content.decode()


def test_a_link_of_an_erased_announcement(client, annonce):
    lien = annonces_rappels.lien(annonce)
    annonce.delete()
    assert client.get(lien).status_code == 410


@pytest.mark.django_db(transaction=True)
def test_the_link_pressed_twice_at_once_acts_once():
    annonce = annonce_(3)
    lien, codes = annonces_rappels.lien(annonce), []
    erreurs = ensemble(
        [lambda: codes.append(Client().post(lien, {"reponse": "pourvue", "heures": "1"}).status_code)] * 3
    )
    assert (erreurs, sorted(codes)) == ([], [200, 410, 410])
    assert Bilan.objects.count() == 1


# --- what expiry and age do --------------------------------------------------------------------------------------


def test_an_expired_one_closes_contact_leaves_search_and_keeps_its_page(client):
    semblable = AnnonceFactory(titre="Vidéoprojecteur de salle")
    expiree = annonce_(-1, titre="Vidéoprojecteur portable")
    html = client.get(expiree.get_absolute_url()).content.decode()
    assert "Annonce expirée depuis" in html
    assert "Cette annonce a expiré : on ne peut plus y répondre." in html
    assert semblable.get_absolute_url() in html
    liste = client.get(reverse("ressources:annonce_liste"), {"q": "vidéoprojecteur"}).content.decode()
    assert semblable.get_absolute_url() in liste
    assert expiree.get_absolute_url() not in liste
    flux = client.get(reverse("ressources:annonce_flux")).content.decode()
    assert expiree.get_absolute_url() not in flux


def test_put_away_a_year_after_they_closed_or_expired():
    an = 366 * JOUR
    vieilles = [
        annonce_(-366),
        AnnonceFactory(etat="pourvue", close_le=timezone.now() - an),
        AnnonceFactory(etat="retiree", close_le=timezone.now() - an),
        AnnonceFactory(etat="refusee"),
    ]
    Annonce.objects.filter(pk=vieilles[3].pk).update(modifie_le=timezone.now() - an)
    gardees = [
        annonce_(-360),
        AnnonceFactory(etat="pourvue", close_le=timezone.now() - 360 * JOUR),
        AnnonceFactory(etat="refusee"),
        AnnonceFactory(etat="brouillon"),
        AnnonceFactory(etat="a_valider", soumise_le=timezone.now() - an),
    ]
    etats = [annonce.etat for annonce in gardees]
    archiver_annonces(timestamp=0)
    assert set(Annonce.objects.filter(etat="archivee")) == set(vieilles)
    assert [Annonce.objects.get(pk=annonce.pk).etat for annonce in gardees] == etats
    assert Courriel.objects.count() == 0
    assert annonces_rappels.archiver_les_vieilles() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_archive_once():
    AnnonceFactory.create_batch(4, etat="pourvue", close_le=timezone.now() - 400 * JOUR)
    assert ensemble([annonces_rappels.archiver_les_vieilles] * 2) == []
    assert [a.history.count() for a in Annonce.objects.all()] == [2, 2, 2, 2]


def test_still_valid_is_a_word_of_its_structure(annonce):
    cloture.confirmer_valable(annonce, jours=30)
    assert annonce.expire_le == timezone.localdate() + 30 * JOUR
