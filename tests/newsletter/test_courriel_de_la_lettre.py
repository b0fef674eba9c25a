"""The mail itself: what an old client, a screen reader, a dark theme and a plain reader get."""

import re
from html import unescape

import pytest

from newsletter import composition, rendu
from newsletter.actions import redaction
from newsletter.controle import page
from newsletter.expedition.moule import Expediteur, Moule
from newsletter.lisible import texte
from newsletter.models import Bloc, Rendu
from tests.factories.newsletter import BreveFactory, NumeroFactory
from tests.factories.ressources import AnnonceFactory
from tests.factories.reunions import ReunionFactory
from tests.images import image

pytestmark = pytest.mark.django_db
MARKDOWN = """## Le forum

Venez **nombreux** au [forum des associations](https://exemple.example.org/forum?a=1&b=2).
À *samedi* !

- un stand
- deux tables
  et des chaises

1. le matin
2. le soir

> Une belle journée.
"""


@pytest.fixture
def numero(db):
    numero = NumeroFactory(sujet="La lettre & l'été <2026>", preheader="Trois besoins")
    AnnonceFactory(titre="Prêt de <tables>", sens="besoin"), AnnonceFactory(titre="Une perceuse", sens="offre")
    ReunionFactory(audience="publique", titre="La plénière de mars")
    redaction.remplir(numero)
    bloc = redaction.ajouter_texte(numero, titre="Édito", texte=MARKDOWN)
    bloc.images.create(fichier=image(), alternative="Une salle « pleine »")
    return numero


@pytest.fixture
def composee(numero):
    return rendu.rendre(numero, composition.lire(numero), rang=4)


def test_markdown_reads_as_plain_words():
    assert texte(MARKDOWN) == (
        "## Le forum\n\n"
        "Venez nombreux au forum des associations (https://exemple.example.org/forum?a=1&b=2). À samedi !\n\n"
        "- un stand\n- deux tables et des chaises\n\n"
        "1. le matin\n2. le soir\n\n"
        "> Une belle journée."
    )


def test_the_html_can_be_read_by_everybody(composee):
    lue = page.lire(composee.html)
    assert lue.langue == "fr"
    assert [niveau for niveau, _ in lue.titres] == [1, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 3]
    assert lue.titres[0] == (1, "La lettre & l'été <2026>")
    assert (3, "Prêt de <tables>") in lue.titres
    assert lue.images == ["Une salle « pleine »"]
    assert min(ratio for _, ratio in lue.mots) >= 7
    tables = re.findall(r"<table\b[^>]*>", composee.html)
    assert tables
    assert all('role="presentation"' in table or 'role="none"' in table for table in tables)
    tailles = {int(taille) for taille in re.findall(r"font-size:\s*(\d+)px", composee.html)} - {0, 1}
    assert min(tailles) >= 16, re.findall(r".{200}font-size:\s*13px.{80}", composee.html, re.S)
    assert '<meta name="color-scheme" content="light dark">' in composee.html
    assert "prefers-color-scheme: dark" in composee.html


def test_nothing_follows_the_reader(composee):
    adresses = re.findall(r'(?:src|href|background)="([^"]*)"', composee.html)
    assert {adresse.split("/")[2] for adresse in adresses if adresse.startswith("http")} == {
        "testserver",
        "exemple.example.org",
    }
    images = [adresse for adresse in adresses if re.search(r"\.(?:gif|png|jpe?g|webp)$", adresse)]
    assert len(images) == 1
    assert "https://exemple.example.org/forum?a=1&amp;b=2" in composee.html
    assert "<script" not in composee.html
    assert "@import" not in composee.html
    assert "fonts.g" not in composee.html


def test_the_text_says_the_same_in_the_same_order(composee):
    ecrit = page.mots(composee.texte)
    lue = page.lire(composee.html)
    debut = 0
    for _, titre in lue.titres:
        debut = ecrit.index(titre, debut)
    for adresse, _ in lue.liens:
        assert adresse.removeprefix("mailto:") in ecrit
    assert "**" not in composee.texte
    assert "[Image : Une salle « pleine »]" in composee.texte
    assert max(len(suite) for suite in re.findall(r"\n+", composee.texte)) == 2


def test_buttons_say_what_they_are_for(composee):
    for geste, titre in [("Je peux aider", "Prêt de <tables>"), ("Cela m'intéresse", "Une perceuse")]:
        assert f'aria-label="{geste} : {titre}"' in unescape(composee.html)
    assert "Je viens : http://testserver/lettre/geste/JetonPersonnelDeLaLettre/" in composee.texte
    assert "déjà pourvue, ou toujours exacte" in composee.html


def test_the_engine_finds_every_personal_place(numero, composee):
    """What is replaced in the bytes: no token is left once the mould is filled."""
    gele = Rendu(numero=numero, html=composee.html, texte=composee.texte)
    moule = Moule(numero, gele, Expediteur("Pôle", "lettre@example.org", "example.org", "", "", "equipe@example.org"))

    class Pli:
        jeton, adresse = "abc:def", "lectrice@example.org"

        @staticmethod
        def entetes():
            return {"To": "lectrice@example.org"}

    octets = moule.octets(Pli).replace(b"=\r\n", b"")
    assert rendu.JETON.encode() not in octets
    assert rendu.ADRESSE.encode() not in octets
    gestes = composee.html.count(f"/geste/{rendu.JETON}/") + composee.texte.count(f"/geste/{rendu.JETON}/")
    assert octets.count(b"/lettre/geste/abc:def/") == gestes == 12


def test_nobody_steals_the_readers_links_by_writing_a_token():
    """Mail programs make a link of any address in a text: a token there would hand the reader's own to another site."""
    vol = f"https://voleur.example.org/{rendu.JETON}/{rendu.ADRESSE}"
    numero = NumeroFactory(preheader=rendu.ADRESSE)
    BreveFactory(titre=f"Lisez {rendu.JETON}", texte=vol)
    redaction.remplir(numero)
    redaction.ajouter_texte(numero, texte=f"[Notre forum]({vol})")
    composee = rendu.rendre(numero, composition.lire(numero), rang=4)
    for partie in (composee.html, composee.texte):
        assert "voleur.example.org" in partie
        for trouve in re.finditer(f"\\S*{rendu.JETON}", partie):
            assert re.search(r"http://testserver/lettre/\w+/$", trouve[0].removesuffix(rendu.JETON)), trouve[0]
        assert f"/{rendu.ADRESSE}" not in partie
    assert composee.html.count(rendu.JETON) >= 2


def test_a_picture_keeps_its_size_and_fits_old_clients(composee):
    balise = re.search(r"<img\b[^>]*>", composee.html)[0]
    assert 'width="40"' in balise
    assert "http://testserver/media/lettre/" in balise


def test_blocks_without_a_title_skip_no_level(numero):
    Bloc.objects.filter(numero=numero, genre="texte").update(titre="")
    numero.elements.all().delete()
    lue = page.lire(rendu.rendre(numero, composition.lire(numero)).html)
    assert [niveau for niveau, _ in lue.titres][:2] == [1, 2]
