"""What the templates of results show: the figures with their words, their bars and their notes."""

from dataclasses import dataclass

from .calcul import Classe, ResultatAxe, ResultatCategorie, calculer, verbatim
from .dessin import vue_d_ensemble

PHRASES = {
    Classe.COURT: "Plutôt court terme : {rose} post-it roses sur {total}.",
    Classe.LONG: "Plutôt long terme : {jaune} post-it jaunes sur {total}.",
    Classe.FAIBLE: "Faible différence entre court et long terme : {rose} roses, {jaune} jaunes.",
    Classe.VIDE: "Aucun post-it : rien à classer.",
}


@dataclass(frozen=True)
class NotesDeCategorie:
    categorie: ResultatCategorie
    roses: list
    jaunes: list


@dataclass(frozen=True)
class Tableau:
    """One board of the page. `phrase` says its class in words."""

    axe: ResultatAxe
    phrase: str
    notes: list[NotesDeCategorie]


def presenter(atelier) -> dict:
    """The context of templates/reunions/_resultats.html, for the page, the projector and the minutes."""
    resultats, notes = calculer(atelier), verbatim(atelier)
    return {
        "resultats": resultats,
        "vue": vue_d_ensemble(resultats),
        "tableaux": [_tableau(axe, notes) for axe in resultats.axes],
    }


def _tableau(axe, notes) -> Tableau:
    phrase = PHRASES[axe.verdict].format(rose=axe.rose, jaune=axe.jaune, total=axe.total)
    siennes = [
        NotesDeCategorie(c, notes.get((axe.pk, c.pk, "rose"), []), notes.get((axe.pk, c.pk, "jaune"), []))
        for c in axe.categories
        if c.total
    ]
    return Tableau(axe, phrase, siennes)
