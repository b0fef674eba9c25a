"""Conversations: who may do what in each state, once, and what the other side is told."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pole_ess.socle.models import Courriel
from ressources.actions import TransitionInterdite, cloture, relations
from ressources.models import Annonce, Bilan, Message, MiseEnRelation
from tests.factories import RattachementFactory, StructureFactory
from tests.factories.ressources import AnnonceFactory, LotFactory, MiseEnRelationFactory

pytestmark = pytest.mark.django_db
A, S = "annonceur", "structure"


def repondre(annonce, structure, **valeurs):
    valeurs = {"par": None, "texte": "Bonjour, est-ce libre ?", "cle": uuid.uuid4(), **valeurs}
    return relations.repondre(annonce, structure=structure, **valeurs)


def courriels() -> list:
    return list(Courriel.objects.order_by("pk").values_list("destinataire", "sujet"))


def test_answering_opens_a_conversation_and_mails_the_referents(structure, referent, membre, etranger, settings):
    settings.COURRIER_ENTRANT_DOMAINE = "courrier.example.org"
    annonce = AnnonceFactory(structure=structure, titre="Vingt chaises")
    leur = etranger.rattachements.get().structure
    relation = repondre(annonce, leur, par=etranger)
    assert (relation.etat, relation.annonceur, relation.par) == ("proposee", structure, etranger)
    assert [(m.cote, m.texte, m.auteur) for m in relation.messages.all()] == [
        ("structure", "Bonjour, est-ce libre ?", etranger)
    ]
    courriel = Courriel.objects.get()
    assert courriel.destinataire == referent.email
    assert courriel.repondre_a == f"annonce+{relation.jeton_annonceur}@courrier.example.org"
    assert courriel.confidentiel
    assert "Bonjour, est-ce libre ?" in courriel.texte


def test_a_structure_without_account_gets_it_at_its_own_address_with_a_link(settings):
    settings.COURRIER_ENTRANT_DOMAINE = ""
    annonce = AnnonceFactory(structure__courriel="contact@chaises.example.org")
    repondre(annonce, StructureFactory())
    courriel = Courriel.objects.get()
    assert (courriel.destinataire, courriel.repondre_a) == ("contact@chaises.example.org", "")
    assert "/offres-et-besoins/lien/conversation/" in courriel.texte
    assert "répondez simplement à ce message" not in courriel.texte


def test_the_same_form_twice_answers_once_another_is_told():
    annonce, structure, cle = AnnonceFactory(), StructureFactory(), uuid.uuid4()
    premiere = repondre(annonce, structure, cle=cle)
    assert repondre(annonce, structure, cle=cle) == premiere
    with pytest.raises(relations.DejaRepondu) as deja:
        repondre(annonce, structure)
    assert deja.value.relation == premiere
    with pytest.raises(relations.CleDejaUtilisee):
        repondre(AnnonceFactory(), structure, cle=cle)
    assert (MiseEnRelation.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("champs", "mot"),
    [
        ({"expire_le": timezone.localdate() - timedelta(days=1)}, "expiré"),
        ({"etat": "pourvue"}, "pourvue"),
        ({"etat": "retiree"}, "plus en ligne"),
        ({"etat": "a_valider"}, "plus en ligne"),
    ],
)
def test_closed_announcements_are_not_answered(champs, mot):
    annonce = AnnonceFactory(**champs)
    with pytest.raises(TransitionInterdite, match=mot):
        repondre(annonce, StructureFactory())
    assert (MiseEnRelation.objects.count(), Courriel.objects.count()) == (0, 0)


def test_expired_between_the_page_and_the_answer():
    """The object that the page read is out of date: the row decides, under its lock."""
    annonce = AnnonceFactory()
    Annonce.objects.filter(pk=annonce.pk).update(expire_le=timezone.localdate() - timedelta(days=1))
    assert annonce.est_ouverte
    with pytest.raises(TransitionInterdite, match="expiré"):
        repondre(annonce, StructureFactory())


def test_complete_batch_and_ones_own():
    lot = LotFactory(quantite=5)
    Annonce.objects.filter(pk=lot.pk).update(quantite_prise=5)
    with pytest.raises(TransitionInterdite, match="Tout est attribué"):
        repondre(lot, StructureFactory())
    annonce = AnnonceFactory()
    with pytest.raises(TransitionInterdite, match="votre structure"):
        repondre(annonce, annonce.structure)


TOUS = {"vue", "accepter", "decliner", "ecrire", "coordonnees", "conclure", "bilan", "sans_suite"}
PERMIS = {
    ("proposee", A): {"vue", "accepter", "decliner", "ecrire", "coordonnees"},
    ("proposee", S): {"ecrire", "coordonnees", "sans_suite"},
    ("vue", A): {"accepter", "decliner", "ecrire", "coordonnees"},
    ("vue", S): {"ecrire", "coordonnees", "sans_suite"},
    ("interessee", A): {"ecrire", "coordonnees", "conclure", "sans_suite"},
    ("interessee", S): {"ecrire", "coordonnees", "conclure", "sans_suite"},
    ("declinee", A): set(),
    ("declinee", S): set(),
    ("conclue", A): {"bilan"},
    ("conclue", S): {"bilan"},
    ("sans_suite", A): set(),
    ("sans_suite", S): set(),
}


def faire(acte, relation, cote):
    """The act as the pages call it."""
    return {
        "ecrire": lambda: relations.ecrire(relation, par=None, texte="Oui", cle=uuid.uuid4(), cote=cote),
        "coordonnees": lambda: relations.montrer_coordonnees(relation, par=None, cote=cote, oui=True),
        "conclure": lambda: relations.conclure(relation, par=None, cote=cote),
        "bilan": lambda: relations.donner_bilan(relation, par=None, cote=cote),
        "sans_suite": lambda: relations.sans_suite(relation, par=None, cote=cote),
        "accepter": lambda: relations.accepter(relation, par=None, cle=uuid.uuid4()),
        "decliner": lambda: relations.decliner(relation, par=None, motif="Non"),
    }[acte]()


@pytest.mark.parametrize(("etat", "cote"), PERMIS)
def test_each_side_may_do_just_that_in_each_state(etat, cote):
    relation = MiseEnRelationFactory(etat=etat)
    assert set(relations.actes_possibles(relation, cote)) == PERMIS[etat, cote]
    for acte in TOUS - PERMIS[etat, cote] - {"vue"}:
        if acte in ("accepter", "decliner") and (cote == S or (acte, etat) == ("accepter", "interessee")):
            continue  # the announcer's own acts: the view refuses the other side; accepted twice is once
        with pytest.raises(TransitionInterdite):
            faire(acte, relation, cote)
    for acte in sorted(PERMIS[etat, cote] - {"vue"}):
        autre = MiseEnRelationFactory(etat=etat)
        faire(acte, autre, cote)
        assert Courriel.objects.filter(objet_id=str(autre.pk)).count() == (acte != "bilan")
    assert Bilan.objects.count() == len(PERMIS[etat, cote] & {"conclure", "bilan"})


@pytest.fixture
def conversation(structure, referent, etranger):
    annonce = AnnonceFactory(structure=structure, titre="Vingt chaises")
    return repondre(annonce, etranger.rattachements.get().structure, par=etranger)


def test_the_announcers_first_words_open_the_discussion(conversation, referent, etranger):
    relations.ecrire(conversation, par=etranger, texte="Un mot de plus", cle=uuid.uuid4())
    assert conversation.etat == "proposee"
    cle = uuid.uuid4()
    for _ in range(2):
        relations.ecrire(conversation, par=referent, texte="Oui, mardi", cle=cle)
    conversation.refresh_from_db()
    assert conversation.etat == "interessee"
    assert conversation.vue_le <= conversation.repondue_le
    assert conversation.messages.count() == 3
    assert [a for a, _ in courriels()] == [referent.email, referent.email, etranger.email]


def test_seen_then_accepted_twice_is_once(conversation, referent, etranger):
    for _ in range(2):
        relations.voir(conversation)
    assert conversation.etat == "vue"
    for _ in range(2):
        relations.accepter(conversation, par=referent, cle=uuid.uuid4())
    assert conversation.etat == "interessee"
    assert conversation.messages.count() == 2
    assert [a for a, _ in courriels()] == [referent.email, etranger.email]


def test_declined_with_its_reason(conversation, referent, etranger):
    with pytest.raises(ValueError, match="says why"):
        relations.decliner(conversation, par=referent, motif="  ")
    relations.decliner(conversation, par=referent, motif="C'est trop loin pour nous.")
    assert (conversation.etat, conversation.motif) == ("declinee", "C'est trop loin pour nous.")
    courriel = Courriel.objects.latest("pk")
    assert (courriel.destinataire, courriel.repondre_a) == (etranger.email, "")
    assert "C'est trop loin pour nous." in courriel.texte


def test_concluded_by_one_then_by_both_and_the_others_are_told(conversation, referent, etranger):
    attend = RattachementFactory(role="referent")
    autre = repondre(conversation.annonce, attend.structure, par=attend.utilisateur)
    relations.accepter(conversation, par=referent, cle=uuid.uuid4())
    cloture.conclure(conversation, par=referent, pourvue=True, heures=Decimal("3.5"))
    autre.refresh_from_db()
    annonce = Annonce.objects.get(pk=conversation.annonce_id)
    assert (conversation.etat, annonce.etat, autre.etat) == ("conclue", "pourvue", "declinee")
    derniers = Courriel.objects.order_by("-pk")[:2]
    assert {c.destinataire for c in derniers} == {etranger.email, attend.utilisateur.email}
    demande = Courriel.objects.get(sujet__startswith=f"{conversation.annonceur.nom} note que c'est fait")
    assert "3,50 h" in demande.texte
    relations.donner_bilan(conversation, par=etranger, heures=Decimal("4"), kilos=Decimal("12"))
    lignes = conversation.bilans.order_by("pk").values_list("structure", "avec", "heures", "kilos")
    assert list(lignes) == [
        (conversation.annonceur_id, conversation.structure_id, Decimal("3.5"), None),
        (conversation.structure_id, conversation.annonceur_id, Decimal("4"), Decimal("12")),
    ]


def test_the_one_who_answered_does_not_close_the_announcement(conversation, referent, etranger):
    relations.accepter(conversation, par=referent, cle=uuid.uuid4())
    cloture.conclure(conversation, par=etranger, pourvue=True)
    assert Annonce.objects.get(pk=conversation.annonce_id).etat == "publiee"


def test_coordinates_when_both_agree_and_only_theirs(conversation, referent, etranger):
    RattachementFactory(structure=conversation.structure, role="referent")  # a colleague who agreed to nothing
    relations.accepter(conversation, par=referent, cle=uuid.uuid4())
    relations.montrer_coordonnees(conversation, par=etranger, cote=S, oui=True)
    assert relations.coordonnees(conversation, S) is None
    relations.montrer_coordonnees(conversation, par=referent, cote=A, oui=True)
    assert relations.coordonnees(conversation, S) == {"structure": conversation.structure, "personne": etranger}
    assert relations.coordonnees(conversation, A) == {"structure": conversation.annonceur, "personne": referent}
    relations.montrer_coordonnees(conversation, par=etranger, cote=S, oui=False)
    assert relations.coordonnees(conversation, A) is None


def test_reported_without_the_messages_unless_joined(conversation, etranger):
    for joindre in (False, True):
        relations.signaler(conversation, par=etranger, cote=S, texte="On m'insulte", joindre=joindre)
    sans, avec = Courriel.objects.filter(gabarit="relation_signalee").order_by("pk")
    assert "On m'insulte" in sans.texte
    assert "est-ce libre" not in sans.texte
    assert "est-ce libre" in avec.texte


def test_a_key_that_wrote_something_else_is_refused_in_words(etranger):
    """Not by the database's constraint, which would be an error page."""
    annonce = AnnonceFactory()
    structure = etranger.rattachements.get().structure
    premiere = relations.repondre(annonce, structure=structure, par=etranger, texte="Bonjour", cle=uuid.uuid4())
    cle = premiere.messages.get().cle
    autre = AnnonceFactory(structure=annonce.structure)
    relation = relations.repondre(autre, structure=structure, par=etranger, texte="Bonjour", cle=uuid.uuid4())
    with pytest.raises(relations.CleDejaUtilisee):
        relations.accepter(relation, par=None, cle=cle)
    message = relations.ecrire(premiere, par=etranger, cote="structure", texte="Encore", cle=uuid.uuid4())
    with pytest.raises(relations.CleDejaUtilisee):
        relations.repondre(
            AnnonceFactory(structure=annonce.structure), structure=structure, par=etranger, texte="Non", cle=message.cle
        )
