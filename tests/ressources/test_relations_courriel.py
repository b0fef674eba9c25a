"""Answers by mail, end to end from the provider's call; and what must never leak."""

import re

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from pole_ess.socle import tasks
from pole_ess.socle.models import Courriel, CourrielEntrant
from ressources.models import Message
from tests.factories.ressources import AnnonceFactory, MiseEnRelationFactory
from tests.socle.prestataires import CLE_MAILGUN, SECRET, mailgun, postmark

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reception(settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": CLE_MAILGUN}
    settings.COURRIER_ENTRANT_DOMAINE = "courrier.example.org"


@pytest.fixture
def relation(structure, referent, etranger):
    return MiseEnRelationFactory(
        annonce=AnnonceFactory(structure=structure, titre="Vingt chaises"),
        structure=etranger.rattachements.get().structure,
        par=etranger,
    )


def adresse(jeton):
    return f"annonce+{jeton}@courrier.example.org"


def traiter_tout():
    return [tasks.traiter_entrant(pk) for pk in CourrielEntrant.objects.order_by("pk").values_list("pk", flat=True)]


@pytest.mark.parametrize("prestataire", [postmark, mailgun])
def test_the_announcer_answers_by_mail(client, relation, etranger, prestataire):
    texte = (
        "Oui, mardi à 14 h.\nappelez moi@prive.example.org\n\nLe jeu. 30 janv. 2014 à 18:00, Pôle "
        f"<{adresse(relation.jeton_annonceur)}>\na écrit :\n> Bonjour"
    )
    for _ in range(2):  # the provider calls again
        assert prestataire(client, a=adresse(relation.jeton_annonceur), texte=texte).status_code == 200
    assert traiter_tout() == ["traite"]
    assert traiter_tout() == ["rien à faire"]
    message = Message.objects.get()
    assert (message.cote, message.voie, message.auteur) == ("annonceur", "courriel", None)
    assert message.texte == "Oui, mardi à 14 h.\nappelez [adresse retirée]"
    relation.refresh_from_db()
    assert relation.etat == "interessee"
    courriel = Courriel.objects.get()
    assert (courriel.destinataire, courriel.repondre_a) == (etranger.email, adresse(relation.jeton_structure))
    assert "Oui, mardi à 14 h." in courriel.texte
    assert CourrielEntrant.objects.get().texte == ""  # staff who read the inbox do not read conversations


def test_the_token_says_the_side_not_from(client, relation, referent):
    """The announcer's own address in From, the other side's token: it is the other side's word."""
    postmark(client, a=adresse(relation.jeton_structure), FromFull={"Email": referent.email, "Name": ""})
    assert traiter_tout() == ["traite"]
    assert Message.objects.get().cote == "structure"
    assert Courriel.objects.get().destinataire == referent.email


def test_closed_conversation_says_so_once(client, relation, etranger):
    relation.etat, relation.close_le = "declinee", relation.cree_le
    relation.save()
    for numero in range(3):
        entetes = [{"Name": "Message-ID", "Value": f"<{numero}@b.example.org>"}]
        postmark(client, a=adresse(relation.jeton_structure), Headers=entetes)
    assert traiter_tout() == ["traite"] * 3
    courriel = Courriel.objects.get()
    assert (courriel.destinataire, courriel.repondre_a) == (etranger.email, "")
    assert "n'a pas été transmis" in courriel.texte
    assert Message.objects.count() == 0


def test_unknown_conversation_and_empty_mail_are_ignored(client, relation):
    postmark(client, a=adresse("a" * 40))
    postmark(client, a=adresse(relation.jeton_structure), texte="> cité")
    assert traiter_tout() == ["ignore", "ignore"]
    assert list(CourrielEntrant.objects.order_by("pk").values_list("motif", flat=True)) == [
        "conversation inconnue",
        "message vide",
    ]


def test_out_of_office_goes_nowhere(client, relation):
    postmark(client, a=adresse(relation.jeton_structure), entetes=[("Auto-Submitted", "auto-replied")])
    assert CourrielEntrant.objects.get().motif == "réponse automatique"
    assert ProcrastinateJob.objects.filter(task_name="courriel.traiter_entrant").count() == 0


def test_long_mail_is_cut_and_says_so(client, relation):
    postmark(client, a=adresse(relation.jeton_structure), texte="mot " * 3000)
    traiter_tout()
    texte = Message.objects.get().texte
    assert len(texte) == 4000
    assert texte.endswith("4 000 caractères.]")


def test_address_in_upper_case(client, relation):
    postmark(client, a=adresse(relation.jeton_structure).upper())
    assert traiter_tout() == ["traite"]


def test_no_address_leaks_before_both_agree(client, relation, referent, etranger, structure):
    """Whole exchange, by mail and on the site: pages, mails, headers."""
    leur = relation.structure
    pages = []
    for quoi in ["accepter", None, "coordonnees"]:
        for qui in (etranger, referent):
            client.force_login(qui)
            ici = reverse("ressources:conversation", args=[relation.pk])
            if quoi == "accepter" and qui == referent:
                cle = re.search(r'name="cle" value="([^"]+)"', client.get(ici).content.decode())[1]
                client.post(f"{ici}accepter/", {"cle": cle})
            if quoi == "coordonnees" and qui == etranger:
                client.post(f"{ici}coordonnees/", {"oui": "on"})  # one side only
            pages.append((qui, client.get(ici).content.decode()))
    postmark(client, a=adresse(relation.jeton_annonceur), FromFull={"Email": referent.email, "Name": "R"})
    traiter_tout()
    siennes = {referent: {referent.email, structure.courriel}, etranger: {etranger.email, leur.courriel}}
    autres = {referent: siennes[etranger], etranger: siennes[referent]}
    for qui, page in pages:
        assert not [a for a in autres[qui] if a in page], qui
    envoyes = list(Courriel.objects.all())
    assert {c.destinataire for c in envoyes} == {referent.email, etranger.email}
    for courriel in envoyes:
        qui = referent if courriel.destinataire == referent.email else etranger
        tout = f"{courriel.sujet} {courriel.repondre_a} {courriel.texte} {courriel.html}"
        assert not [a for a in autres[qui] if a in tout], courriel.sujet
        jeton = relation.jeton_annonceur if qui == referent else relation.jeton_structure
        assert courriel.repondre_a == adresse(jeton)

    client.force_login(referent)
    client.post(f"{ici}coordonnees/", {"oui": "on"})
    page = client.get(ici).content.decode()
    assert etranger.email in page
    client.post(f"{ici}coordonnees/", {})
    assert etranger.email not in client.get(ici).content.decode()


def test_staff_never_read_the_words(client, relation, animateur):
    postmark(client, a=adresse(relation.jeton_structure), texte="Un mot entre nous")
    traiter_tout()
    client.force_login(animateur)
    courriel = Courriel.objects.get()
    relation.motif = "Une raison à nous"
    relation.save()
    adresses = [
        reverse("admin:socle_courriel_change", args=[courriel.pk]),
        reverse("admin:socle_courrielentrant_change", args=[CourrielEntrant.objects.get().pk]),
        reverse("admin:ressources_miseenrelation_changelist"),
        reverse("admin:ressources_miseenrelation_change", args=[relation.pk]),
        reverse("admin:ressources_bilan_changelist"),
    ]
    for url in adresses:
        reponse = client.get(url)
        assert reponse.status_code == 200, url
        page = reponse.content.decode()
        for secret in ("Un mot entre nous", "Une raison à nous", relation.jeton_annonceur, relation.jeton_structure):
            assert secret not in page, (url, secret)
    assert client.get(reverse("ressources:conversation", args=[relation.pk])).status_code == 404
