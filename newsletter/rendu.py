"""From an issue to the HTML and the text that people get: frozen words, and tokens where each one's own go."""

import hashlib
import re
from dataclasses import replace
from string import ascii_letters

from django.utils.crypto import get_random_string
from django.utils.html import escape

from newsletter import liens, lisible
from newsletter.composition import Carte, Partie
from newsletter.models import Bloc, Numero, Rendu
from pole_ess.socle.courriel.composition import Composition, composer
from pole_ess.socle.stockage import adresse_absolue
from reunions.compte_rendu import markdown

JETON = "JetonPersonnelDeLaLettre"
ADRESSE = "AdressePersonnelleDeLaLettre"
"""Replaced in the bytes of each message; letters only, so that no encoding touches them."""
NEUTRE = {JETON: "-", ADRESSE: "votre adresse"}
"""For previews and the archive: nobody's."""

GESTES = {"besoin": "Je peux aider", "offre": "Cela m'intéresse", "reunion": "Je viens"}
"""Sense of an announcement, or kind of element -> the button under it; the page of the link shows, its POST acts."""
A_SOI = (Bloc.Genre.OFFRES, Bloc.Genre.BESOINS)
"""Blocks that end with « l'une d'elles est la vôtre ? »."""


def cle(parties: list[Partie]) -> str:
    """Two selections with the same key are the same letter."""
    elements = [f"{partie.bloc.pk}:{','.join(str(carte.element) for carte in partie.cartes)}" for partie in parties]
    return hashlib.sha256(";".join(elements).encode()).hexdigest()


def rendre(
    numero: Numero,
    parties: list[Partie],
    *,
    rang: int | None = None,
    gabarit: str = "lettre_numero",
    jeton: str = JETON,
    adresse: str = ADRESSE,
) -> Composition:
    """The issue made of these parts, tokens in their places, or the values given: those of one person.

    Somebody who writes the name of a token in a title or in a text gets plain words: were it replaced there, their
    own link would carry away the personal links, or the address, of everybody who follows it.
    """
    place_jeton, place_adresse = (get_random_string(len(nom), ascii_letters) for nom in (JETON, ADRESSE))
    composee = composer(gabarit, contexte(numero, parties, rang=rang, jeton=place_jeton, adresse=place_adresse))

    def remplir(texte: str, adresse: str) -> str:
        return neutraliser(texte).replace(place_jeton, jeton).replace(place_adresse, adresse)

    return replace(composee, html=remplir(composee.html, escape(adresse)), texte=remplir(composee.texte, adresse))


def contexte(numero: Numero, parties: list[Partie], *, rang=None, jeton: str = JETON, adresse: str = ADRESSE) -> dict:
    """What the templates of the letter read."""
    return {
        "numero": numero,
        "parties": [_partie(partie, jeton) for partie in parties],
        "adresse": adresse,
        "lien_preferences": liens.url("preferences", jeton),
        "lien_desabonner": liens.url("desabonner", jeton),
        "lien_miennes": liens.url("miennes", jeton),
        "lien_en_ligne": liens.url("numero", rang) if rang else "",
    }


def _partie(partie: Partie, jeton: str) -> dict:
    bloc = partie.bloc
    titre = bloc.titre or ("" if bloc.genre == Bloc.Genre.TEXTE else str(bloc.get_genre_display()).capitalize())
    return {
        "bloc": bloc,
        "titre": titre,
        "html": html_du_texte(bloc.texte, sous_titre=bool(titre)) if bloc.texte else "",
        "texte": lisible.texte(bloc.texte),
        "cartes": [{"carte": carte, **_geste(carte, jeton)} for carte in partie.cartes],
        "a_soi": bloc.genre in A_SOI,
        "images": [
            {
                "url": adresse_absolue(image.fichier),
                "alternative": image.alternative,
                "largeur": image.largeur,
            }
            for image in partie.images
        ],
    }


def html_du_texte(source: str, *, sous_titre: bool = True) -> str:
    """As XML, which the MJML parser wants; headings follow what is above them, without skipping a level."""
    html = re.sub(r"<(br|hr)>", r"<\1 />", str(markdown.html(source)))
    if not sous_titre:
        html = re.sub(r"(</?h)([34])>", lambda m: f"{m[1]}{int(m[2]) - 1}>", html)
    return html


def _geste(carte: Carte, jeton: str) -> dict:
    geste = GESTES.get(carte.objet.sens if carte.sorte == "annonce" else carte.sorte, "")
    return {"geste": geste, "lien_geste": liens.url("geste", jeton, carte.element) if geste else ""}


def enregistrer(numero: Numero, parties: list[Partie], *, rang: int | None = None, complet: bool = False) -> Rendu:
    """The rendering of this selection, made once per issue."""
    empreinte = cle(parties)
    rendu = Rendu.objects.filter(numero=numero, cle=empreinte).first()
    if rendu is None:
        composition = rendre(numero, parties, rang=rang)
        elements = [carte.element for partie in parties for carte in partie.cartes]
        rendu = Rendu.objects.create(
            numero=numero,
            cle=empreinte,
            elements=elements,
            html=composition.html,
            texte=composition.texte,
            complet=complet,
        )
    return rendu


def neutraliser(texte: str) -> str:
    """A rendering for everybody to see: the tokens stand for nobody."""
    for jeton, valeur in NEUTRE.items():
        texte = texte.replace(jeton, valeur)
    return texte
