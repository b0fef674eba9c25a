"""From an issue to the HTML and the text that people get: frozen words, and tokens where each one's own go."""

import hashlib

from django.conf import settings

from newsletter import liens
from newsletter.composition import Partie
from newsletter.models import Numero, Rendu
from pole_ess.socle.courriel.composition import composer
from reunions.compte_rendu import markdown

JETON = "JetonPersonnelDeLaLettre"
ADRESSE = "AdressePersonnelleDeLaLettre"
"""Replaced in the bytes of each message; letters only, so that no encoding touches them."""
NEUTRE = {JETON: "-", ADRESSE: "votre adresse"}
"""For previews and the archive: nobody's."""


def cle(parties: list[Partie]) -> str:
    """Two selections with the same key are the same letter."""
    elements = [f"{partie.bloc.pk}:{','.join(str(carte.element) for carte in partie.cartes)}" for partie in parties]
    return hashlib.sha256(";".join(elements).encode()).hexdigest()


def rendre(numero: Numero, parties: list[Partie], *, rang: int | None = None) -> tuple[str, str]:
    """(html, text) of the issue made of these parts, tokens in their places."""
    contexte = {
        "numero": numero,
        "parties": [
            {
                "bloc": partie.bloc,
                "titre": partie.bloc.titre or (partie.bloc.get_genre_display().capitalize() if partie.cartes else ""),
                "html": markdown.html(partie.bloc.texte) if partie.bloc.texte else "",
                "texte": partie.bloc.texte.strip(),
                "cartes": partie.cartes,
                "images": [
                    {"url": settings.PORTAIL_URL + image.fichier.url, "alternative": image.alternative}
                    for image in partie.images
                ],
            }
            for partie in parties
        ],
        "adresse": ADRESSE,
        "lien_preferences": liens.url("preferences", JETON),
        "lien_desabonner": liens.url("desabonner", JETON),
        "lien_en_ligne": liens.url("numero", rang) if rang else "",
    }
    composition = composer("lettre_numero", contexte)
    return composition.html, composition.texte


def enregistrer(numero: Numero, parties: list[Partie], *, rang: int | None = None, complet: bool = False) -> Rendu:
    """The rendering of this selection, made once per issue."""
    empreinte = cle(parties)
    rendu = Rendu.objects.filter(numero=numero, cle=empreinte).first()
    if rendu is None:
        html, texte = rendre(numero, parties, rang=rang)
        elements = [carte.element for partie in parties for carte in partie.cartes]
        rendu = Rendu.objects.create(
            numero=numero, cle=empreinte, elements=elements, html=html, texte=texte, complet=complet
        )
    return rendu


def neutraliser(texte: str) -> str:
    """A rendering for everybody to see: the tokens stand for nobody."""
    for jeton, valeur in NEUTRE.items():
        texte = texte.replace(jeton, valeur)
    return texte
