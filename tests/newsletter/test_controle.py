"""The gate before sending: each finding, and nothing to say of a good letter."""

from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter.actions import numeros, redaction
from newsletter.controle import constats, page, verifier
from newsletter.models import Bloc, Element
from newsletter.rendu import html_du_texte
from tests.factories import StructureFactory
from tests.factories.newsletter import AbonneFactory, NumeroFactory
from tests.factories.ressources import AnnonceFactory
from tests.images import image

pytestmark = pytest.mark.django_db


@pytest.fixture
def numero(db):
    AbonneFactory()
    numero = NumeroFactory(sujet="La lettre d'été", preheader="Trois offres")
    Bloc.objects.create(numero=numero, genre="texte", titre="Édito", texte="Bonjour à **toutes** et à tous.")
    return numero


def ecrire(numero, texte):
    numero.blocs.filter(genre="texte").update(texte=texte)
    return [(constat.bloquant, constat.texte) for constat in verifier(numero)]


def test_nothing_to_say_of_a_good_letter(numero):
    redaction.remplir(numero)
    bloc = numero.blocs.create(genre="offres", ordre=5)
    Element.objects.create(numero=numero, bloc=bloc, sorte="annonce", annonce=AnnonceFactory(titre="Prêt & « don »"))
    texte = (
        "Voir [l'annuaire du pôle](http://testserver/annuaire/) et [le site](https://exemple.example.org/a?b=1&c=2)."
    )
    assert ecrire(numero, texte) == []


def test_an_empty_letter_and_no_subject(animateur):
    numero = NumeroFactory(sujet="", preheader="")
    trouves = [(c.bloquant, c.texte.split(" : ")[0]) for c in verifier(numero)]
    assert trouves == [
        (True, "La lettre n'a pas de sujet."),
        (True, "La lettre est vide"),
        (False, "L'aperçu est vide"),
        (False, "Personne n'est encore abonné"),
    ]
    numero.sujet = "Lettre"
    numero.save()
    with pytest.raises(numeros.LettreRetenue) as retenue:
        numeros.programmer(numero, par=animateur)
    assert [constat.ancre for constat in retenue.value.constats] == ["blocs"]


@pytest.mark.parametrize("mots", ["ici", "Cliquez ici", "En savoir plus…", "lien", "« ici »"])
def test_vague_links_are_refused(numero, mots):
    [(bloquant, texte)] = ecrire(numero, f"Tout est [{mots}](https://exemple.example.org/).")
    assert bloquant
    assert "ne dit pas où mène le lien" in texte


@pytest.mark.parametrize(
    ("lien", "dit"),
    [
        ("http://testserver/annuaire/nulle-part-du-tout/", "ne s'ouvre pas"),
        ("http://testserver/nulle-part/", "ne s'ouvre pas"),
        ("http://testserver/media/lettre/rien.jpg", "ne s'ouvre pas"),
        ("/annuaire/", "n'est pas entière"),
    ],
)
def test_dead_internal_links_are_refused(numero, lien, dit):
    trouves = ecrire(numero, f"Voyez [la page du forum]({lien}).")
    assert (True, True) in [(bloquant, dit in texte) for bloquant, texte in trouves]


def test_a_page_of_members_and_a_naked_address_are_pointed_at(numero):
    [(bloquant, texte)] = ecrire(numero, "Voyez [votre compte](http://testserver/compte/).")
    assert (bloquant, "mène ailleurs" in texte) == (False, True)
    [(bloquant, texte)] = ecrire(numero, "Voyez [https://exemple.example.org/](https://exemple.example.org/).")
    assert (bloquant, "montre son adresse" in texte) == (False, True)


@pytest.mark.parametrize("alternative", ["IMG_2034", "photo.jpg", "DSC 0012"])
def test_a_picture_described_by_its_file_name_is_refused(numero, alternative):
    bloc = numero.blocs.get()
    bloc.images.create(fichier=image(), alternative=alternative)
    assert [(c.bloquant, c.ancre) for c in verifier(numero)] == [(True, f"bloc-{bloc.pk}")]


def test_what_has_expired_since_is_told(numero):
    bloc = numero.blocs.create(genre="offres", ordre=5)
    annonce = AnnonceFactory(expire_le=timezone.localdate() - timedelta(days=1))
    Element.objects.create(numero=numero, bloc=bloc, sorte="annonce", annonce=annonce)
    [constat] = verifier(numero)
    assert (constat.bloquant, constat.ancre) == (False, f"bloc-{bloc.pk}")
    assert str(annonce) in constat.texte


def test_a_letter_too_heavy_for_gmail_is_refused(numero, monkeypatch):
    monkeypatch.setattr(constats, "OCTETS_MAX", 5_000)
    assert [c.bloquant for c in verifier(numero)] == [True]
    assert "Ko" in verifier(numero)[0].texte


def test_thirty_items_stay_under_the_limit(numero):
    structure = StructureFactory()
    bloc = numero.blocs.create(genre="besoins", ordre=5)
    for rang in range(30):
        annonce = AnnonceFactory(structure=structure, sens="besoin", titre=f"Besoin {rang}", description="mot " * 60)
        Element.objects.create(numero=numero, bloc=bloc, sorte="annonce", annonce=annonce, ordre=rang)
    assert verifier(numero) == []


@pytest.mark.parametrize(
    ("html", "dit"),
    [
        ("<html><body><p>Bonjour</p></body></html>", "langue"),
        ('<html lang="fr"><body><img src="x"></body></html>', "texte alternatif"),
        ('<html lang="fr"><body><h1>A</h1><h3>B</h3></body></html>', "saute un niveau"),
        ('<html lang="fr"><body><p style="color:#999">Pâle</p></body></html>', "Contraste"),
        ('<html lang="fr"><body bgcolor="#0b5c5a"><p>Sombre</p></body></html>', "Contraste"),
    ],
)
def test_what_the_html_must_hold(html, dit):
    [constat] = constats._html(page.lire(html), html)
    assert constat.bloquant
    assert dit in constat.texte


def test_the_text_part_must_say_the_same():
    lue = page.lire('<html lang="fr"><body><h1>Été</h1><a href="https://a.example.org/">Le forum</a></body></html>')
    assert [c.texte for c in constats._texte(lue, "Bonjour")] == [
        "La version en texte n'a pas le titre « Été ».",
        "La version en texte n'a pas le lien « Le forum ».",
    ]
    assert list(constats._texte(lue, "Été https://a.example.org/")) == []


def test_colours_and_contrast():
    assert page.couleur("#fff") == page.couleur("white") == (255, 255, 255)
    assert page.couleur("inherit") is None
    assert round(page.contraste((0, 0, 0), (255, 255, 255)), 1) == 21
    assert round(page.contraste((118, 118, 118), (255, 255, 255)), 2) == 4.54
    lue = page.lire('<body style="color:#000"><div style="background:#0b5c5a;color:#fff">A<span hidden>B</span></div>')
    assert [mots for mots, _ in lue.mots] == ["A", "B"]


def test_headings_of_free_words_follow_what_is_above_them():
    assert html_du_texte("# Un\n\nx  \ny\n\n---") == "<h3>Un</h3>\n<p>x<br />\ny</p>\n<hr />\n"
    assert "<h2>Un</h2>" in html_du_texte("# Un", sous_titre=False)
