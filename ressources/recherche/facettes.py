"""Facets: how many announcements each value would give, the other filters applied. One GROUP BY for all of them."""

from dataclasses import dataclass, field

from django.db.models import Count, Q

from ressources.models import Categorie
from ressources.modes import Mode
from ressources.natures import PROFILS

from .criteres import FACETTES, Criteres

CATEGORIES_MAX = 12
COLONNES = {"sens": "sens", "nature": "nature", "mode": "mode", "categorie": "categorie_id"}
LEGENDES = {"nature": "Nature", "sens": "Offre ou besoin", "mode": "Mode d'échange", "categorie": "Catégorie"}


@dataclass
class Option:
    """One line of a facet."""

    valeur: str
    nom: str
    compte: int
    choisie: bool = False


@dataclass(frozen=True)
class Comptes:
    """How many there are of each (sens, nature, mode, category): a few hundred groups hold every count."""

    groupes: list[tuple[tuple, int]]
    choisies: dict[str, frozenset] = field(default_factory=dict)

    @property
    def base(self) -> int:
        """Those that the words, the place and the details leave, whatever is ticked."""
        return sum(n for _, n in self.groupes)

    @property
    def total(self) -> int:
        return sum(self._par(None).values())

    def __getitem__(self, facette: str) -> dict:
        return self._par(facette)

    def _par(self, facette: str | None) -> dict:
        """Value -> number, the other facets applied; for None, all of them."""
        comptes: dict = {}
        for valeurs, n in self.groupes:
            une = dict(zip(COLONNES, valeurs, strict=True))
            if all(une[autre] in choix for autre, choix in self.choisies.items() if autre != facette):
                cle = une[facette] if facette else None
                comptes[cle] = comptes.get(cle, 0) + n
        return comptes


def compter(base, criteres: Criteres, categories: list[Categorie]) -> Comptes:
    """`base`: what the words, the place and the details leave."""
    lignes = base.order_by().values_list(*COLONNES.values()).annotate(n=Count("pk")).order_by()
    return Comptes([(tuple(valeurs), n) for *valeurs, n in lignes], _choisies(criteres, categories))


def _choisies(criteres: Criteres, categories: list[Categorie]) -> dict[str, frozenset]:
    choisies = {nom: frozenset(criteres.choisies(nom)) for nom in FACETTES if criteres.choisies(nom)}
    if "categorie" in choisies:
        choisies["categorie"] = frozenset(c.pk for c in categories if c.slug in choisies["categorie"])
    return choisies


def conditions(criteres: Criteres, categories: list[Categorie]) -> dict[str, Q]:
    """The filter of each facet where something is ticked."""
    choisies = _choisies(criteres, categories)
    return {nom: Q(**{f"{COLONNES[nom]}__in": sorted(choix)}) for nom, choix in choisies.items()}


def options(comptes: Comptes, criteres: Criteres, categories: list[Categorie]) -> dict[str, list[Option]]:
    """What is shown to tick: nothing that would find nothing, save what is ticked."""
    noms = {
        "sens": {"offre": "Offres", "besoin": "Besoins"},
        "nature": {nature.value: profil.pluriel for nature, profil in PROFILS.items()},
        "mode": {valeur: nom[:1].upper() + nom[1:] for valeur, nom in Mode.choices},
    }
    resultat = {}
    for facette, valeurs in noms.items():
        par, choisies = comptes[facette], criteres.choisies(facette)
        resultat[facette] = [
            Option(valeur, nom, par.get(valeur, 0), valeur in choisies)
            for valeur, nom in valeurs.items()
            if par.get(valeur) or valeur in choisies
        ]
    par, choisies = comptes["categorie"], criteres.choisies("categorie")
    trouvees = [
        Option(c.slug, c.nom, par.get(c.pk, 0), c.slug in choisies)
        for c in categories
        if par.get(c.pk) or c.slug in choisies
    ]
    trouvees.sort(key=lambda option: -option.compte)
    resultat["categorie"] = [o for rang, o in enumerate(trouvees) if rang < CATEGORIES_MAX or o.choisie]
    return resultat
