"""A search carried out: how the words were understood, how many answers of each group, the best of them."""

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

from django.contrib.postgres.search import SearchRank
from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, FloatField, IntegerField, Q, Value, When

from annuaire.models.commune import SansAccent
from annuaire.recherche import texte
from annuaire.recherche.resultat import CLASSEMENT_MAX, POIDS

from .cartes import Carte, cartes
from .demande import Demande
from .groupes import GROUPES, SOURCES, Groupe

MONTREES = 4
"""Of each group, on the page of all of them."""
PAR_PAGE = 20
PROPOSITIONS = 8
"""While somebody types; two of a group at most."""
MODES = (texte.EXACT, texte.CORRIGE, texte.PARTIEL)
"""From the nearest to what was typed."""


def chercher(parametres, utilisateur) -> "Resultat":
    """The search of a query string for this person. Never raises on odd parameters."""
    return Resultat(Demande.lire(parametres), utilisateur)


@dataclass
class Resultat:
    """Counts and rows are those that `utilisateur` may see; a correction is made of public words only."""

    demande: Demande
    utilisateur: object

    @cached_property
    def _compris(self) -> tuple[dict[texte.Source, texte.Texte], dict[str, int]]:
        """(how each source reads the words, answers of each group): as typed when anything at all answers to that,
        else the nearest reading of any source, and the sources that share it.
        """
        if self.demande.est_trop_courte:
            return {}, {}
        tels_quels = self._tels_quels()
        if not any(lu.tsquery or lu.numero for lu in tels_quels.values()):
            return {}, {}
        comptes = self._compter(tels_quels)
        if comptes:
            return tels_quels, comptes
        approches = {source: texte.approcher(self.demande.q, source) for source in SOURCES}
        for mode in MODES[1:]:
            retenues = {source: lu for source, lu in approches.items() if lu.mode == mode}
            if retenues and (comptes := self._compter(retenues)):
                return retenues, comptes
        return {}, {}

    def _tels_quels(self) -> dict[texte.Source, texte.Texte]:
        lu = texte.telle_quelle(self.demande.q)
        return {source: lu if source.numeros else replace(lu, numero="") for source in SOURCES}

    @property
    def comptes(self) -> dict[str, int]:
        """Group -> how many answers, those that have some, in the order of the page."""
        return self._compris[1]

    @cached_property
    def total(self) -> int:
        return sum(self.comptes.values())

    @property
    def mode(self) -> str:
        """How far it had to go from what was typed (annuaire.recherche.texte)."""
        lectures = self._compris[0]
        return next(iter(lectures.values())).mode if lectures else texte.RIEN

    @cached_property
    def corrections(self) -> dict[str, list[str]]:
        """Word typed -> the words taken instead, of the groups shown."""
        prises = defaultdict(dict)
        for lu in self._compris[0].values():
            for mot, choisis in lu.corrections:
                prises[mot] |= dict.fromkeys(choisis)
        return {mot: list(choisis) for mot, choisis in prises.items()}

    @property
    def groupe(self) -> Groupe | None:
        """The only one asked for."""
        return GROUPES.get(self.demande.dans)

    # -- rows

    def _trouvees(self, groupe: Groupe, lectures):
        lu = lectures.get(groupe.source)
        if lu is None or lu.filtre is None:  # this source reads nothing of what was typed
            return None
        return groupe.lignes(self.utilisateur).filter(lu.filtre).order_by()

    def _compter(self, lectures) -> dict[str, int]:
        """One query for all the groups."""
        comptees = [
            trouvees.annotate(groupe=Value(cle)).values("groupe").annotate(n=Count("pk")).values_list("groupe", "n")
            for cle, groupe in GROUPES.items()
            if (trouvees := self._trouvees(groupe, lectures)) is not None
        ]
        if not comptees:
            return {}
        comptes = dict(comptees[0].union(*comptees[1:], all=True))
        return {cle: comptes[cle] for cle in GROUPES if comptes.get(cle)}

    def _classees(self, groupe: Groupe):
        """(group's place, kind, key, of the name, rank, date), the best first; so many that the words say too little:
        the newest first, which an index gives.
        """
        lectures, comptes = self._compris
        lu = lectures[groupe.source]
        precis = bool(lu.tsquery) and comptes[groupe.cle] <= CLASSEMENT_MAX
        rang = SearchRank(F("recherche_vecteur"), texte.RequeteTexte(lu.tsquery), weights=POIDS)
        lignes = self._trouvees(groupe, lectures).annotate(
            place=Value(list(GROUPES).index(groupe.cle), IntegerField()),
            du_nom=self._du_nom(groupe) if precis else Value(1, IntegerField()),
            rang=rang if precis else Value(0.0, FloatField()),
        )
        ordre = ["du_nom", "-rang"] if precis else []
        return lignes.order_by(*ordre, "-date", "-pk").values_list(
            "place", "sorte", "cle_trouvee", "du_nom", "rang", "date"
        )

    def _du_nom(self, groupe: Groupe):
        """A structure whose name or initials are exactly what was typed comes before all others."""
        if groupe.cle != "structures":
            return Value(1, IntegerField())
        saisi = SansAccent(Value(self.demande.q))
        return Case(
            When(Q(tri=saisi) | Q(sigle__iexact=self.demande.q), then=0), default=1, output_field=IntegerField()
        )

    def _meilleures(self, par_groupe: int) -> dict[str, list[Carte]]:
        """The best of each group: one query for their keys, then one for each kind of object and one for the words."""
        if not self.comptes:
            return {}
        tetes = [self._classees(GROUPES[cle])[:par_groupe] for cle in self.comptes]
        lignes = tetes[0]
        if len(tetes) > 1:
            lignes = lignes.union(*tetes[1:], all=True).order_by("place", "du_nom", "-rang", "-date", "-cle_trouvee")
        par_cle = {cle: [] for cle in self.comptes}
        for place, carte in self._en_cartes(lignes):
            par_cle[list(GROUPES)[place]].append(carte)
        return {cle: siennes for cle, siennes in par_cle.items() if siennes}

    def _en_cartes(self, lignes) -> list[tuple[int, Carte]]:
        """(group's place, card) of each row, in order; without what went since it was counted."""
        lues = [(place, sorte, cle) for place, sorte, cle, *_ in lignes]
        montrees = cartes([(sorte, cle) for _, sorte, cle in lues], self._lexemes())
        return [(place, montrees[sorte, cle]) for place, sorte, cle in lues if (sorte, cle) in montrees]

    def _lexemes(self) -> list[str]:
        return sorted({lexeme for lu in self._compris[0].values() for lexeme in texte.lexemes(lu.tsquery)})

    @cached_property
    def groupes(self) -> list[tuple[Groupe, int, list[Carte], str]]:
        """(group, how many, the best, where they all are) of each that has answers."""
        meilleures = self._meilleures(MONTREES)
        return [
            (GROUPES[cle], self.comptes[cle], siennes, GROUPES[cle].adresse(self.demande))
            for cle, siennes in meilleures.items()
        ]

    @cached_property
    def propositions(self) -> list[tuple[Groupe, list[Carte]]]:
        """What is shown while somebody types."""
        restent, choisies = PROPOSITIONS, []
        for cle, siennes in self._meilleures(2).items():
            if siennes := siennes[: max(0, restent)]:
                restent -= len(siennes)
                choisies.append((GROUPES[cle], siennes))
        return choisies

    @cached_property
    def page(self) -> Page:
        """One page of the group asked for; its `object_list` holds cards."""
        page = Paginator(range(self.comptes.get(self.demande.dans, 0)), PAR_PAGE).get_page(self.demande.page)
        page.object_list = []
        if self.comptes.get(self.demande.dans):
            debut = (page.number - 1) * PAR_PAGE
            lignes = self._classees(self.groupe)[debut : debut + PAR_PAGE]
            page.object_list = [carte for _, carte in self._en_cartes(lignes)]
        return page
