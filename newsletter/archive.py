"""An issue of the past for everybody: what it said, read again as the public may see it now.

What people received is frozen; what the archive shows is not. An item that its structure has taken back, or a person
erased, leaves the archive at once. Nothing here is anybody's: neither address nor personal link.
"""

from dataclasses import dataclass

from django.conf import settings

from newsletter import composition
from newsletter.composition import Carte
from newsletter.models import Bloc, Numero
from reunions.compte_rendu import markdown


@dataclass(frozen=True)
class Section:
    """A block as the page draws it."""

    bloc: Bloc
    titre: str
    html: str
    images: tuple
    cartes: tuple[Carte, ...]


def sections(numero: Numero) -> list[Section]:
    """The blocks that were sent, in order; only elements that the whole letter named. One query per kind of object."""
    entier = numero.rendus.filter(complet=True).values_list("elements", flat=True).first()
    envoyes = set(entier or ())
    lues = []
    for partie in composition.lire(numero, parmi=composition.visibles):
        cartes = tuple(carte for carte in partie.cartes if carte.element in envoyes)
        if cartes or partie.bloc.genre == Bloc.Genre.TEXTE:
            titre = partie.bloc.titre or (partie.bloc.get_genre_display().capitalize() if cartes else "")
            html = markdown.html(partie.bloc.texte) if partie.bloc.texte else ""
            lues.append(Section(partie.bloc, titre, html, partie.images, cartes))
    return lues


def chemin(carte: Carte) -> str:
    """The address of a card on this very site: mails need it whole, pages do not."""
    return carte.url.removeprefix(settings.PORTAIL_URL)
