"""Writing an issue: what is new and not said yet, the order, the words, what a second person wrote meanwhile."""

from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter.actions import TransitionInterdite, images, preparation, redaction
from newsletter.models import Bloc, Element, Numero
from newsletter.nouveautes import PROPOSES
from tests.factories import StructureFactory
from tests.factories.newsletter import BreveFactory, NumeroFactory
from tests.factories.ressources import AnnonceFactory
from tests.factories.reunions import ActionFactory, EvenementFactory, ReunionFactory
from tests.images import image
from tests.reunions.minutes import minutes_publiees, reunion_tenue

pytestmark = pytest.mark.django_db


def contenu(numero) -> dict:
    """Kind of block -> the objects kept, in order."""
    return {
        bloc.genre: [element.objet for element in bloc.elements.filter(ecarte=False)]
        for bloc in numero.blocs.order_by("ordre")
    }


@pytest.fixture
def recente(db):
    """A published structure that is not news: nothing of an issue comes from it but what it publishes."""
    structure = StructureFactory()
    type(structure).objects.filter(pk=structure.pk).update(publiee_le=timezone.now() - timedelta(days=900))
    return structure


def test_everything_new_in_its_block(recente, animateur):
    offre = AnnonceFactory(structure=recente, sens="offre")
    besoin = AnnonceFactory(structure=recente, sens="besoin")
    urgent = AnnonceFactory(structure=recente, sens="besoin", urgente_pour=timezone.localdate() + timedelta(days=3))
    breve = BreveFactory(structure=recente)
    tard = EvenementFactory(structure=recente, debut=timezone.now() + timedelta(days=20))
    bientot = ReunionFactory(debut=timezone.now() + timedelta(days=9), structure_hote=None)
    action = ActionFactory(pilote=recente)
    minutes = minutes_publiees(reunion=reunion_tenue())
    numero = redaction.preparer(par=animateur)
    dit = contenu(numero)
    assert list(dit)[:6] == ["rencontres", "comptes_rendus", "besoins", "offres", "breves", "actions"]
    assert dit["rencontres"] == [bientot, tard]
    assert dit["besoins"] == [urgent, besoin]
    assert dit["offres"] == [offre]
    assert dit["breves"] == [breve]
    assert action in dit["actions"]
    assert dit["comptes_rendus"] == [minutes]
    assert recente not in dit.get("structures", [])
    assert numero.sujet.startswith("La lettre du ")
    assert numero.auteur == animateur


@pytest.mark.parametrize(
    "fabrique",
    [
        lambda s: AnnonceFactory(structure=s, expire_le=timezone.localdate() - timedelta(days=1)),
        lambda s: AnnonceFactory(structure=s, etat="a_valider"),
        lambda s: BreveFactory(structure=s, etat="retiree"),
        lambda s: EvenementFactory(structure=s, debut=timezone.now() - timedelta(days=1)),
        lambda s: EvenementFactory(structure=s, etat="annule", debut=timezone.now() + timedelta(days=3)),
        lambda s: EvenementFactory(structure=s, debut=timezone.now() + timedelta(days=300)),
        lambda s: ReunionFactory(structure_hote=None, audience="invites"),
        lambda s: ActionFactory(pilote=s, publique=False),
    ],
    ids=["expirée", "à valider", "retirée", "passé", "annulé", "lointain", "sur invitation", "privée"],
)
def test_what_is_not_public_or_not_to_come_is_not_proposed(recente, animateur, fabrique):
    fabrique(recente)
    assert contenu(redaction.preparer(par=animateur)) == {}


def test_twice_is_the_same_draft_and_staff_s_choices_stay(recente, animateur):
    premier, second = AnnonceFactory(structure=recente), AnnonceFactory(structure=recente)
    numero = redaction.preparer(par=animateur)
    redaction.ecarter(Element.objects.get(annonce=premier))
    nouvelle = BreveFactory(structure=recente)
    assert redaction.preparer(par=animateur) == numero
    assert contenu(numero) == {"offres": [second], "breves": [nouvelle]}
    assert numero.elements.count() == 3
    redaction.ecarter(Element.objects.get(annonce=premier), oui=False)
    assert len(contenu(numero)["offres"]) == 2


def test_what_dies_meanwhile_goes_at_the_next_preparation(recente, animateur):
    annonce = AnnonceFactory(structure=recente)
    numero = redaction.preparer(par=animateur)
    type(annonce).objects.filter(pk=annonce.pk).update(expire_le=timezone.localdate() - timedelta(days=1))
    assert redaction.remplir(numero) == (0, 1)
    assert redaction.remplir(numero) == (0, 0)


def test_nothing_said_is_said_again_and_nothing_is_lost_between_two_issues(recente, animateur):
    dite, ecartee = AnnonceFactory(structure=recente), AnnonceFactory(structure=recente)
    premier = redaction.preparer(par=animateur)
    redaction.ecarter(Element.objects.get(annonce=ecartee))
    entre_deux = AnnonceFactory(structure=recente)  # while the first was being written, after it was filled
    Numero.objects.filter(pk=premier.pk).update(etat="programme", programme_le=timezone.now())
    assert preparation.lancer(premier)
    second = redaction.preparer(par=animateur)
    assert second != premier
    assert contenu(second) == {"offres": [entre_deux]}
    assert dite not in contenu(second)["offres"]


def test_beyond_a_few_they_wait_one_click_away(recente, animateur):
    for _ in range(PROPOSES + 3):
        AnnonceFactory(structure=recente)
    numero = redaction.preparer(par=animateur)
    assert len(contenu(numero)["offres"]) == PROPOSES
    assert numero.elements.filter(ecarte=True).count() == 3


def test_blocks_and_items_move_by_buttons_and_by_dragging(recente, animateur):
    AnnonceFactory(structure=recente), AnnonceFactory(structure=recente), BreveFactory(structure=recente)
    numero = redaction.preparer(par=animateur)
    texte = redaction.ajouter_texte(numero, titre="Édito", texte="Bonjour.")
    assert list(contenu(numero)) == ["texte", "offres", "breves"]
    redaction.deplacer(texte, sens="descendre", rang=0)
    assert list(contenu(numero)) == ["offres", "texte", "breves"]
    with pytest.raises(TransitionInterdite):  # the button pressed twice
        redaction.deplacer(texte, sens="descendre", rang=0)
    cles = list(numero.blocs.values_list("pk", flat=True))
    redaction.ranger(numero, ordre=cles[::-1])
    assert list(contenu(numero)) == ["breves", "texte", "offres"]
    with pytest.raises(TransitionInterdite):
        redaction.ranger(numero, ordre=cles[1:])
    offres = numero.blocs.get(genre="offres")
    un, deux = offres.elements.all()
    redaction.ranger(numero, ordre=[deux.pk, un.pk], bloc=offres)
    assert list(offres.elements.all()) == [deux, un]
    redaction.deplacer(un, sens="monter", rang=1)
    assert list(offres.elements.all()) == [un, deux]


def test_words_of_somebody_else_are_not_written_over(animateur):
    numero = NumeroFactory(sujet="Avant", preheader="")
    lu = redaction.empreinte("Avant", "")
    assert redaction.enregistrer_entete(numero, sujet="Après", preheader="", vue=lu).version == 2
    with pytest.raises(redaction.TexteChange) as conflit:
        redaction.enregistrer_entete(numero, sujet="Autre", preheader="", vue=lu)
    assert conflit.value.objet.sujet == "Après"
    redaction.enregistrer_entete(numero, sujet="Après", preheader="", vue=lu)  # the same words: a retry
    bloc = redaction.ajouter_texte(numero)
    vide = redaction.empreinte("", "")
    redaction.enregistrer_bloc(bloc, titre="Édito", texte="Bonjour", vue=vide)
    with pytest.raises(redaction.TexteChange):
        redaction.enregistrer_bloc(bloc, titre="Édito", texte="Bonsoir", vue=vide)
    assert Bloc.objects.get().texte == "Bonjour"


def test_removing_a_block(recente, animateur):
    AnnonceFactory(structure=recente)
    numero = redaction.preparer(par=animateur)
    texte = redaction.ajouter_texte(numero)
    images.ajouter(texte, fichier=image(), alternative="Une salle")
    redaction.retirer_bloc(texte)
    redaction.retirer_bloc(numero.blocs.get(genre="offres"))
    assert contenu(numero) == {"offres": []}
    assert numero.elements.filter(ecarte=True).count() == 1


@pytest.mark.parametrize("etat", ["en_cours", "suspendu", "termine", "annule"])
def test_the_words_of_an_issue_that_left_are_frozen(etat):
    numero = NumeroFactory(etat=etat)
    bloc = Bloc.objects.create(numero=numero, genre="texte", texte="Bonjour")
    for acte in [
        lambda: redaction.remplir(numero),
        lambda: redaction.ajouter_texte(numero),
        lambda: redaction.enregistrer_bloc(bloc, titre="", texte="x", vue=redaction.empreinte("", "Bonjour")),
        lambda: redaction.retirer_bloc(bloc),
        lambda: redaction.deplacer(bloc, sens="monter", rang=0),
        lambda: images.ajouter(bloc, fichier="lettre/x.jpg", alternative="x"),
    ]:
        with pytest.raises(TransitionInterdite):
            acte()
    assert Bloc.objects.get().texte == "Bonjour"


@pytest.mark.parametrize("combien", [1, 9])
def test_filling_costs_the_same_for_one_and_for_many(recente, animateur, nombre_de_requetes, combien):
    for _ in range(combien):
        AnnonceFactory(structure=recente)
        BreveFactory(structure=recente)
    numero = NumeroFactory()
    assert nombre_de_requetes(lambda: redaction.remplir(numero)) == 27
