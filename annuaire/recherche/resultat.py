"""A search carried out: its queryset, its counts, and how far it had to go from what was asked."""

from dataclasses import dataclass, replace
from functools import cached_property
from math import sqrt

from django.contrib.postgres.search import SearchRank
from django.db.models import Case, F, IntegerField, Lookup, Q, Value, When

from annuaire.models import Structure
from annuaire.models.commune import SansAccent

from . import facettes, texte
from .criteres import FACETTES, Criteres

PAR_PAGE = 20
CLASSEMENT_MAX = 5000
"""Above so many matches the words say too little to rank by: the order is that of names."""
PROCHES_MAX = 20
POIDS = [0.05, 0.1, 0.3, 1.0]
"""ts_rank weights D, C, B, A: the name and sigle (A) weigh three times the rest (B)."""


class Parmi(Lookup):
    """`pk = ANY (array)`: one parameter however many keys."""

    prepare_rhs = False

    def as_sql(self, compiler, connection):
        sql, parametres = self.process_lhs(compiler, connection)
        return f"{sql} = ANY (%s)", [*parametres, self.rhs]


def chercher(parametres, utilisateur=None) -> "Resultat":
    """The search of a query string, the same for the list, the map and the exports.

    `utilisateur` changes nothing today: the directory shows published structures to everybody, and one's own
    drafts are on the account page. Never raises on odd parameters.
    """
    return Resultat(Criteres.lire(parametres))


@dataclass
class Resultat:
    """`queryset`: every structure found, ordered. `approche`: why these are not exactly what was asked."""

    criteres: Criteres

    @cached_property
    def texte(self) -> texte.Texte:
        return texte.comprendre(self.criteres.q)

    @cached_property
    def taxonomies(self) -> facettes.Taxonomies:
        return facettes.Taxonomies.lire()

    # -- what is counted

    @cached_property
    def _etapes(self):
        """(what was given up, criteria, counts): as asked; else further away; else with some of the filters."""
        demande = self.criteres
        comptes = facettes.compter(self._base(demande), demande, self.taxonomies)
        if comptes.total or self.texte.mode == texte.RIEN:
            return "", demande, comptes
        if demande.commune:
            plus_loin = replace(demande, km=0)
            elargis = facettes.compter(self._base(plus_loin), plus_loin, self.taxonomies)
            if elargis.total:
                return "distance", plus_loin, elargis
            if not comptes.base:
                demande, comptes = plus_loin, elargis
        return ("filtres" if comptes.base else ""), demande, comptes

    @property
    def abandon(self) -> str:
        """« distance » or « filtres » when nothing answered to all that was asked; else nothing."""
        return self._etapes[0]

    @property
    def approche(self) -> bool:
        return bool(self.abandon) or self.texte.mode in (texte.CORRIGE, texte.PARTIEL)

    @property
    def comptes(self) -> facettes.Comptes:
        return self._etapes[2]

    @cached_property
    def total(self) -> int:
        if self.abandon:
            return min(PROCHES_MAX, self.comptes.total if self.abandon == "distance" else self.comptes.base)
        return self.comptes.total

    @property
    def sans_point(self) -> int:
        """How many of those found have no place on the map."""
        return 0 if self.abandon else self.comptes.sans_point

    @cached_property
    def options(self):
        return facettes.options(self.comptes, self.criteres, self.taxonomies)

    # -- what is found

    def _base(self, criteres: Criteres):
        """Published structures that the words and the place leave; `km=0` forgets the distance."""
        base = Structure.objects.publiees()
        if self.texte.filtre is not None:
            base = base.filter(self.texte.filtre)
        if criteres.commune and criteres.km:
            base = base.autour(criteres.commune.latitude, criteres.commune.longitude, criteres.km)
        if criteres.sans_point:
            base = base.filter(latitude=None)
        if criteres.point:
            base = base.filter(latitude=criteres.point[0], longitude=criteres.point[1])
        return base

    def _filtree(self, criteres: Criteres):
        base = self._base(criteres)
        for facette in criteres.facettes:  # none ticked: the taxonomies are not even read
            filtre = facettes.condition(facette, criteres, self.taxonomies)
            if filtre is not None:
                base = base.filter(filtre)
        return base

    @property
    def filtree_exacte(self):
        """Those that answer to all that was asked, unordered, without counting anything: for the map."""
        return self._filtree(self.criteres)

    @property
    def exacte(self):
        """The same, in the order asked for, with `distance` (km) when around a commune: for the API."""
        return self._trier(self.filtree_exacte, self.criteres.tri_effectif)

    @cached_property
    def filtree(self):
        """Those found, unordered: the same, or the nearest ones when there are none."""
        abandon, criteres, _ = self._etapes
        if not abandon:
            return self._filtree(criteres)
        return Structure.objects.filter(pk__in=list(self._proches(abandon, criteres)))

    def _proches(self, abandon: str, criteres: Criteres):
        if abandon == "distance":
            trouvees = self._trier(self._filtree(criteres), "distance")
        else:
            trouvees = self._base(criteres)
            accords = Value(0, IntegerField())
            for facette in FACETTES:
                filtre = facettes.condition(facette, criteres, self.taxonomies)
                if filtre is not None:
                    accords = accords + Case(When(filtre, then=1), default=0, output_field=IntegerField())
            trouvees = trouvees.annotate(accords=accords).order_by("-accords", *self._ordre_du_nom)
        return trouvees.values_list("pk", flat=True)[:PROCHES_MAX]

    @cached_property
    def queryset(self):
        """Those found, in the order asked for, with `distance` (km) when around a commune."""
        return self._trier(self.filtree, "distance" if self.abandon == "distance" else self.criteres.tri_effectif)

    def tranche(self, debut: int, fin: int):
        """`queryset[debut:fin]`, the same rows with less work: by the keys counted, or among the nearest."""
        tri = self.criteres.tri_effectif
        if not self.abandon and self.criteres.a_des_filtres:
            if self.comptes.ids is not None:
                return self._trier(Structure.objects.filter(Parmi(F("pk"), self.comptes.ids)), tri)[debut:fin]
            if tri == "distance" and (proches := self._plus_pres(fin)):
                return self._trier(proches, tri)[debut:fin]
        return self.queryset[debut:fin]

    def _plus_pres(self, combien: int):
        """Those in a smaller circle that holds at least `combien` of them, or None: 20 rows to sort, not 100,000."""
        criteres = self.criteres
        rayon = criteres.km * sqrt(4 * combien / self.total)  # four times enough where they are spread evenly
        if rayon > criteres.km / 2:
            return None
        proches = self._filtree(replace(criteres, km=rayon))
        return proches if proches.order_by()[combien - 1 : combien].exists() else None

    _ordre_du_nom = ("tri", "pk")

    def _trier(self, trouvees, tri: str):
        commune = self.criteres.commune
        if commune:
            trouvees = trouvees.a_distance_de(commune.latitude, commune.longitude)
        if tri == "distance":
            return trouvees.order_by(F("distance").asc(nulls_last=True), *self._ordre_du_nom)
        if tri == "pertinence" and self.texte.tsquery and self.comptes.base <= CLASSEMENT_MAX:
            saisi = SansAccent(Value(self.criteres.q))
            return (
                trouvees.alias(sigle_compare=SansAccent(F("sigle")))
                .annotate(
                    du_nom=Case(
                        When(Q(tri=saisi) | Q(sigle_compare=saisi), then=0),
                        default=1,
                        output_field=IntegerField(),
                    ),
                    rang=SearchRank(F("recherche_vecteur"), texte.RequeteTexte(self.texte.tsquery), weights=POIDS),
                )
                .order_by("du_nom", "-rang", *self._ordre_du_nom)
            )
        return trouvees.order_by(*self._ordre_du_nom)
