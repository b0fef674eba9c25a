"""The pages of conversations: the panel, the answer, the list, the thread, the mailed links."""

import re
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from pole_ess.socle import liens
from pole_ess.socle.models import Courriel
from ressources.actions.relations_courriels import REPONSE, SUITES
from ressources.models import Bilan, Message, MiseEnRelation
from ressources.panneaux import repondre as panneau
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory
from tests.factories.ressources import AnnonceFactory, CalendrierFactory, MessageFactory, MiseEnRelationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def annonce(structure):
    return AnnonceFactory(structure=structure, titre="Vingt chaises")


@pytest.fixture
def relation(annonce, referent, etranger):
    relation = MiseEnRelationFactory(annonce=annonce, structure=etranger.rattachements.get().structure, par=etranger)
    MessageFactory(mise_en_relation=relation, auteur=etranger)
    return relation


def page(relation, acte=None):
    if acte:
        return reverse("ressources:conversation_acte", args=[relation.pk, acte])
    return reverse("ressources:conversation", args=[relation.pk])


def texte(reponse):
    return reponse.content.decode()


def test_panel_for_each_person(client, annonce, relation, referent, etranger, rf=None):
    assert panneau.contexte(annonce, AnonymousUser())["connecte"] is False
    assert panneau.contexte(annonce, UtilisateurFactory())["sans_structure"] is True
    maison = panneau.contexte(annonce, referent)
    assert (maison["maison"], maison["recues"], maison["attend"], maison["form"]) == (True, [relation], 1, None)
    deja = panneau.contexte(annonce, etranger)
    assert (deja["miennes"], deja["form"]) == ([relation], None)
    RattachementFactory(utilisateur=etranger, structure=StructureFactory(nom="Une deuxième"))
    encore = panneau.contexte(annonce, etranger)["form"]
    assert encore.seule_structure.nom == "Une deuxième"
    annonce.etat = "pourvue"
    assert panneau.contexte(annonce, etranger)["form"] is None
    annonce.etat = "brouillon"
    assert panneau.contexte(annonce, referent) is None


def test_panel_on_the_announcements_page(client, annonce, relation, referent, etranger):
    url = annonce.get_absolute_url()
    assert "On répond avec un compte" in texte(client.get(url))
    client.force_login(UtilisateurFactory())
    assert "On répond au nom d&#x27;une structure" in texte(client.get(url)).replace("d'une", "d&#x27;une")
    client.force_login(etranger)
    assert page(relation) in texte(client.get(url))
    client.force_login(referent)
    assert "1 réponse" in texte(client.get(url))


def test_answering_on_the_site(client, annonce, referent, etranger):
    client.force_login(etranger)
    leur = etranger.rattachements.get().structure
    donnees = {"structure": leur.pk, "texte": "Bonjour", "cle": str(uuid.uuid4())}
    url = reverse("ressources:repondre", args=[annonce.pk])
    for _ in range(2):
        reponse = client.post(url, donnees)
        assert reponse.url == page(MiseEnRelation.objects.get())
    assert (Message.objects.count(), Courriel.objects.count()) == (1, 1)
    # Another form, same structure: brought to the conversation, nothing written.
    assert client.post(url, donnees | {"cle": str(uuid.uuid4())}).url == page(MiseEnRelation.objects.get())
    assert Message.objects.count() == 1


def test_expired_meanwhile_keeps_what_was_typed(client, annonce, etranger):
    client.force_login(etranger)
    type(annonce).objects.update(expire_le="2020-01-01")
    leur = etranger.rattachements.get().structure
    donnees = {"structure": leur.pk, "texte": "Mon long message", "cle": str(uuid.uuid4())}
    reponse = client.post(reverse("ressources:repondre", args=[annonce.pk]), donnees)
    assert reponse.status_code == 200
    assert "Mon long message" in texte(reponse)
    assert "a expiré" in texte(reponse)
    assert MiseEnRelation.objects.count() == 0


@pytest.mark.parametrize(
    "champs",
    [{"texte": ""}, {"texte": "x" * 4001}, {"structure": "999999"}, {"structure": "a"}, {"cle": ""}, {"cle": "x"}],
)
def test_bad_answers_are_said(client, annonce, etranger, champs):
    client.force_login(etranger)
    leur = etranger.rattachements.get().structure
    donnees = {"structure": leur.pk, "texte": "Bonjour", "cle": str(uuid.uuid4())} | champs
    reponse = client.post(reverse("ressources:repondre", args=[annonce.pk]), donnees)
    assert reponse.status_code == 200
    assert 'class="message erreurs"' in texte(reponse)
    assert MiseEnRelation.objects.count() == 0


def test_nobody_answers_for_another_structure(client, annonce, etranger):
    client.force_login(etranger)
    donnees = {"structure": StructureFactory().pk, "texte": "Bonjour", "cle": str(uuid.uuid4())}
    assert client.post(reverse("ressources:repondre", args=[annonce.pk]), donnees).status_code == 200
    assert MiseEnRelation.objects.count() == 0


def test_too_many_answers(client, etranger):
    client.force_login(etranger)
    leur = etranger.rattachements.get().structure
    codes = []
    for _ in range(31):
        donnees = {"structure": leur.pk, "texte": "Bonjour", "cle": str(uuid.uuid4())}
        codes.append(client.post(reverse("ressources:repondre", args=[AnnonceFactory().pk]), donnees).status_code)
    assert codes == [302] * 30 + [429]


def test_a_get_never_marks_as_seen_the_button_does(client, relation, referent):
    client.force_login(referent)
    avant = texte(client.get(page(relation)))
    relation.refresh_from_db()
    assert relation.etat == "proposee"
    assert f'hx-post="{page(relation, "vue")}"' in avant
    assert client.post(page(relation, "vue"), headers={"HX-Request": "true"}).content == b""
    relation.refresh_from_db()
    assert relation.etat == "vue"
    assert "hx-post" not in texte(client.get(page(relation)))
    assert client.get(page(relation, "vue")).status_code == 405


def test_the_whole_story_on_the_site(client, relation, referent, etranger):
    client.force_login(referent)
    cle = re.search(r'name="cle" value="([^"]+)" id="id_cle', texte(client.get(page(relation)))) or re.search(
        r'name="cle" value="([^"]+)"', texte(client.get(page(relation)))
    )
    for _ in range(2):
        assert client.post(page(relation, "accepter"), {"cle": cle[1]}).status_code == 302
    client.force_login(etranger)
    client.post(page(relation), {"texte": "Mardi ?", "cle": str(uuid.uuid4())})
    assert "Mardi ?" in texte(client.get(page(relation)))
    client.force_login(referent)
    reponse = client.post(page(relation, "conclure"), {"heures": "3,5", "pourvue": "on"}, follow=True)
    assert "Déclaré par une structure" in texte(reponse)
    relation.annonce.refresh_from_db()
    assert relation.annonce.etat == "pourvue"
    client.force_login(etranger)
    assert 'name="pourvue"' not in texte(client.get(page(relation, "bilan")))
    reponse = client.post(page(relation, "bilan"), {"euros": "1 250,50"}, follow=True)
    assert "Déclaré par les deux structures" in texte(reponse)
    assert sorted((b.heures, b.euros) for b in Bilan.objects.all() if b.heures) == [(3.5, None)]


def test_both_sides_are_mine(client, relation, etranger):
    RattachementFactory(utilisateur=etranger, structure=relation.annonceur)
    client.force_login(etranger)
    assert "Qu'en dites-vous" in texte(client.get(page(relation))).replace("&#x27;", "'")
    autre = texte(client.get(page(relation) + "?cote=structure"))
    assert "Retirer ma réponse" in autre
    client.post(page(relation) + "?cote=structure", {"texte": "Encore moi", "cle": str(uuid.uuid4())})
    assert relation.messages.latest("pk").cote == "structure"


def test_refusal_needs_a_reason_and_keeps_what_was_typed(client, relation, referent):
    client.force_login(referent)
    reponse = client.post(page(relation, "decliner"), {"raison": "autre", "precision": ""})
    assert "Écrivez votre raison" in texte(reponse)
    reponse = client.post(page(relation, "decliner"), {"precision": "Nous déménageons"})
    assert "Nous déménageons" in texte(reponse)
    client.post(page(relation, "decliner"), {"raison": "loin", "precision": "Nous déménageons"})
    relation.refresh_from_db()
    assert relation.motif == "C'est trop loin pour nous. Nous déménageons"


def test_closed_while_i_wrote_keeps_my_text(client, relation, etranger):
    client.force_login(etranger)
    MiseEnRelation.objects.update(etat="declinee", close_le=relation.cree_le)
    reponse = client.post(page(relation), {"texte": "Mon long message", "cle": str(uuid.uuid4())})
    assert "Mon long message" in texte(reponse)
    assert "ce n&#x27;est plus possible" in texte(reponse)


def test_list_says_who_has_to_answer_first(client, relation, referent, etranger):
    repondue = MiseEnRelationFactory(annonce=relation.annonce, etat="interessee")
    MessageFactory(mise_en_relation=repondue, cote="annonceur")
    close = MiseEnRelationFactory(annonce=relation.annonce, etat="declinee")
    client.force_login(referent)
    url = reverse("ressources:conversations")
    assert [r.pk for r in client.get(url).context["relations"]] == [relation.pk, repondue.pk, close.pk]
    assert [r.pk for r in client.get(url + "?etat=closes").context["relations"]] == [close.pk]
    assert "Nouvelle : à vous de répondre" in texte(client.get(url))
    client.force_login(etranger)
    reponse = client.get(url)
    assert [r.pk for r in reponse.context["relations"]] == [relation.pk]
    assert "à vous de répondre" not in texte(reponse).lower()


def test_list_query_count(client, relation, referent, django_assert_num_queries):
    client.force_login(referent)
    url = reverse("ressources:conversations")
    client.get(url)
    with django_assert_num_queries(5):
        client.get(url)
    for _ in range(20):
        MessageFactory(mise_en_relation=MiseEnRelationFactory(annonce=relation.annonce))
    with django_assert_num_queries(5):
        client.get(url)


def test_thread_query_count(client, relation, referent, django_assert_num_queries):
    client.force_login(referent)
    client.get(page(relation))
    with django_assert_num_queries(6):
        client.get(page(relation))
    MessageFactory.create_batch(20, mise_en_relation=relation, auteur=relation.par)
    with django_assert_num_queries(6):
        client.get(page(relation))


def lien(objectif, relation, cote):
    return reverse("ressources:conversation_lien", args=[liens.signer(objectif, {"r": relation.pk, "c": cote})])


def test_answering_without_an_account(client, relation):
    url = lien(REPONSE, relation, "annonceur")
    assert "est-ce toujours libre" in texte(client.get(url))
    relation.refresh_from_db()
    assert relation.etat == "proposee"
    assert "Écrivez votre message" in texte(client.post(url, {"acte": "ecrire", "cle": str(uuid.uuid4())}))
    donnees = {"acte": "ecrire", "texte": "Oui", "cle": str(uuid.uuid4())}
    for _ in range(2):
        assert "Votre réponse est partie" in texte(client.post(url, donnees))
    relation.refresh_from_db()
    assert (relation.etat, relation.messages.count()) == ("interessee", 2)


def test_declining_without_an_account_is_the_announcers(client, relation):
    donnees = {"acte": "decliner", "raison": "loin", "cle": str(uuid.uuid4())}
    client.post(lien(REPONSE, relation, "structure"), donnees)
    relation.refresh_from_db()
    assert relation.etat == "proposee"
    client.post(lien(REPONSE, relation, "annonceur"), donnees)
    relation.refresh_from_db()
    assert relation.etat == "declinee"


def test_what_it_came_to_by_link_acts_once(client, relation):
    MiseEnRelation.objects.update(etat="interessee")
    url = lien(SUITES, relation, "structure")
    client.get(url)
    assert "reste ouverte" in texte(client.post(url, {"suite": "encore"}))
    assert client.post(url, {}).status_code == 200
    assert "Merci" in texte(client.post(url, {"suite": "fait", "kilos": "12,5"}))
    assert client.post(url, {"suite": "non"}).status_code == 410
    relation.refresh_from_db()
    assert relation.etat == "conclue"
    assert [(b.structure, b.kilos) for b in relation.bilans.all()] == [(relation.structure, 12.5)]
    # The other side's own link, still good: its figures.
    client.post(lien(SUITES, relation, "annonceur"), {"suite": "fait", "kilos": "10"})
    assert relation.bilans.count() == 2


def test_purpose_of_a_link_cannot_be_changed(client, relation):
    jeton = liens.signer("relation-autre", {"r": relation.pk, "c": "annonceur"})
    assert client.get(reverse("ressources:conversation_lien", args=[jeton])).status_code == 404


def test_report_limits_and_joins(client, relation, etranger):
    client.force_login(etranger)
    codes = [client.post(page(relation, "signaler"), {"texte": "Abus"}).status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]
    assert Courriel.objects.filter(gabarit="relation_signalee").count() == 5


def test_account_page_says_what_waits(client, relation, referent, etranger, nombre_de_requetes):
    client.force_login(referent)
    assert "Une conversation attend votre réponse." in texte(client.get("/compte/"))
    une = nombre_de_requetes(lambda: client.get("/compte/"))
    for _ in range(3):
        MessageFactory(mise_en_relation=MiseEnRelationFactory(annonce=relation.annonce))
    assert "4 conversations attendent votre réponse." in texte(client.get("/compte/"))
    assert nombre_de_requetes(lambda: client.get("/compte/")) == une
    client.force_login(etranger)
    assert "conversation attend" not in texte(client.get("/compte/"))


def test_what_is_booked_or_shared_is_asked_about_here(client, structure, etranger):
    """The main act has a panel of its own: this one must not look like a second way to book."""
    client.force_login(etranger)
    prete = CalendrierFactory(annonce=AnnonceFactory(structure=structure)).annonce
    sans_calendrier = AnnonceFactory(structure=structure)
    for annonce, mots in ((prete, "Poser la question"), (sans_calendrier, "Demander à emprunter")):
        assert mots in texte(client.get(annonce.get_absolute_url()))
    assert "Poser une question" in texte(client.get(reverse("ressources:repondre", args=[prete.pk])))
    prete.calendrier.actif = False
    prete.calendrier.save()
    assert "Demander à emprunter" in texte(client.get(prete.get_absolute_url()))
