"""The open files beside the directory's: which, with which columns, and their rows as they are read."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.contrib.auth.models import AnonymousUser

from annuaire.exports import FORMATS, LOT, XLSX_LIGNES_MAX, blocs, classeur, collection_geojson, lignes_csv
from pole_ess.portail.api import lecture
from ressources.models import Annonce
from ressources.recherche import chercher
from reunions.calendrier import recherche as agenda
from reunions.calendrier.criteres import Criteres as CriteresAgenda
from reunions.liste_actions import Criteres as CriteresActions
from reunions.liste_actions import Liste
from reunions.models import CompteRendu

from . import colonnes
from .colonnes import Colonne


@dataclass(frozen=True)
class Jeu:
    """One set of data. `objets(parameters)` reads them batch by batch; `derniere()`: the last edit, or None."""

    cle: str
    feuille: str
    formats: tuple[str, ...]
    colonnes: list[Colonne]
    objets: Callable[..., Iterable]
    derniere: Callable[[], object] = lambda: None


def _annonces(parametres) -> Iterator[dict]:
    trouvees = chercher(parametres).exacte.pour_donnees()
    return map(lecture.annonce, trouvees.iterator(chunk_size=LOT))


def _agenda(parametres) -> Iterator[dict]:
    criteres = CriteresAgenda.lire(parametres)
    lignes = agenda.lignes(criteres, AnonymousUser())
    debut = 0
    while paires := list(lignes[debut : debut + LOT]):
        yield from map(lecture.evenement, agenda.charger(paires, criteres.commune))
        debut += LOT


def _comptes_rendus(parametres) -> Iterator[dict]:
    return map(lecture.compte_rendu, CompteRendu.objects.publics().pour_donnees().iterator(chunk_size=LOT))


def _actions(parametres) -> Iterator:
    """Of `pour_listes`: the meeting is None when a visitor may not see it."""
    for action in Liste(CriteresActions.lire(parametres), AnonymousUser()).lignes.iterator(chunk_size=LOT):
        action.reunion_visible = action.reunion.pk if action.reunion else None
        yield action


JEUX = {
    jeu.cle: jeu
    for jeu in (
        Jeu(
            "offres-et-besoins",
            "Offres et besoins",
            ("csv", "xlsx", "geojson"),
            colonnes.ANNONCES,
            _annonces,
            lambda: Annonce.objects.publiques().derniere_modification(),
        ),
        Jeu("agenda", "Agenda", ("csv", "xlsx"), colonnes.AGENDA, _agenda),
        Jeu("comptes-rendus", "Comptes rendus", ("csv", "xlsx"), colonnes.COMPTES_RENDUS, _comptes_rendus),
        Jeu("actions", "Actions", ("csv", "xlsx"), colonnes.ACTIONS, _actions),
    )
}


def octets(jeu: Jeu, format: str, parametres) -> Iterator[bytes]:
    """The file, chunk by chunk; `format`: one of the set's."""
    entetes = [colonne.nom for colonne in jeu.colonnes]
    lignes = ([colonne.valeur(objet) for colonne in jeu.colonnes] for objet in jeu.objets(parametres))
    if format == "xlsx":
        yield from blocs(classeur(jeu.feuille, entetes, islice(lignes, XLSX_LIGNES_MAX)))
        return
    morceaux = lignes_csv(entetes, lignes) if format == "csv" else _geojson(entetes, lignes)
    for morceau in morceaux:
        yield morceau.encode("utf-8", "replace")


def _geojson(entetes, lignes) -> Iterator[str]:
    def elements():
        for ligne in lignes:
            proprietes = dict(zip(entetes, ligne, strict=True))
            latitude, longitude = proprietes.pop("latitude"), proprietes.pop("longitude")
            yield proprietes["id"], latitude, longitude, proprietes

    return collection_geojson(elements())


def formats(jeu: Jeu):
    """Its formats, as annuaire.exports describes them."""
    return [FORMATS[extension] for extension in jeu.formats]
