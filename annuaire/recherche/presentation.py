"""What the list page shows of a search: its filter panel, and its filters as chips that remove themselves."""

from dataclasses import dataclass

from .communes import Lieu
from .criteres import Criteres
from .facettes import Option
from .resultat import Resultat

LEGENDES = {
    "activite": "Activité",
    "competence": "Compétences à partager",
    "forme": "Forme juridique",
    "label": "Label",
    "ville": "Commune",
}


@dataclass
class Groupe:
    nom: str
    legende: str
    options: list[Option]
    ouvert: bool


@dataclass
class FiltreActif:
    """A chip: what it says, and the URL without it."""

    nom: str
    url: str


def panneau(resultat: Resultat) -> list[Groupe]:
    """The groups that have something to tick; the first one and those in use are unfolded."""
    return [
        Groupe(nom, legende, options, nom == "activite" or any(_choisies(options)))
        for nom, legende in LEGENDES.items()
        if (options := resultat.options[nom])
    ]


def _choisies(options: list[Option]):
    return [option for option in _toutes(options) if option.choisie]


def _toutes(options: list[Option]):
    for option in options:
        yield option
        yield from option.enfants


def filtres_actifs(resultat: Resultat) -> list[FiltreActif]:
    criteres: Criteres = resultat.criteres
    actifs = []
    if criteres.q:
        actifs.append(FiltreActif(f"«\u00a0{criteres.q}\u00a0»", criteres.url(q="", page=1)))
    if criteres.commune:
        actifs.append(
            FiltreActif(f"à moins de {criteres.km:g} km de {criteres.commune.nom}", criteres.url(lieu=Lieu(), page=1))
        )
    for facette in LEGENDES:
        noms = {option.valeur: option.nom for option in _toutes(resultat.options[facette])}
        actifs += [
            FiltreActif(noms[valeur], criteres.url(facettes=criteres.sans(facette, valeur), page=1))
            for valeur in criteres.choisies(facette)
            if valeur in noms
        ]
    if criteres.sans_point:
        actifs.append(FiltreActif("sans emplacement sur la carte", criteres.url(sans_point=False, page=1)))
    if criteres.point:
        actifs.append(FiltreActif("à cet endroit précis", criteres.url(point=None, page=1)))
    return actifs


@dataclass
class Lien:
    """A step of the pagination, or a commune to choose: without `url`, plain text."""

    nom: str
    url: str = ""
    rel: str = ""
    ici: bool = False


def pages(page, criteres: Criteres) -> list[Lien]:
    """Précédente, the first, those around, the last, Suivante."""
    paginator = page.paginator
    liens = []
    if page.has_previous():
        liens.append(Lien("Précédente", criteres.url(page=page.number - 1), "prev"))
    for numero in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        if numero == page.number:
            liens.append(Lien(str(numero), ici=True))
        elif numero == paginator.ELLIPSIS:
            liens.append(Lien("…"))
        else:
            liens.append(Lien(str(numero), criteres.url(page=numero)))
    if page.has_next():
        liens.append(Lien("Suivante", criteres.url(page=page.number + 1), "next"))
    return liens


def choix_communes(criteres: Criteres) -> list[Lien]:
    """One link per commune that what was typed may mean."""
    return [
        Lien(str(commune), criteres.url(lieu=Lieu(commune=commune), page=1))
        for commune in criteres.lieu.choix
        if commune.latitude is not None
    ]
