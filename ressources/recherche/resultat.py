"""A search carried out: its queryset, its counts, and how far it had to go from what was asked."""

from dataclasses import dataclass, replace
from functools import cached_property
from math import sqrt

from django.contrib.postgres.search import SearchRank
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils import timezone

from annuaire.models import Structure
from annuaire.recherche import texte
from annuaire.recherche.resultat import CLASSEMENT_MAX, POIDS
from ressources.models import Annonce, Categorie
from ressources.modes import PAYANTS, Mode

from . import facettes
from .criteres import Criteres
from .dates import libres

PAR_PAGE = 24
PROCHES_MAX = 12
ANNONCES = texte.Source("ressources_annonce", "s.etat = 'publiee' AND s.structure_publiee", "ressources_motannonce")
GRATUITS = (Mode.DON, Mode.PRET, Mode.SERVICE_GRATUIT)
"""Nothing is paid nor given in return; a priced mode at 0 € is free too."""


def chercher(parametres, utilisateur=None) -> "Resultat":
    """The search of a query string, the same for the list, the feed and the alerts. Never raises on odd parameters.

    `utilisateur` changes nothing: search shows what is in the public eye; one's own drafts are in « Mes annonces ».
    """
    return Resultat(Criteres.lire(parametres))


@dataclass
class Resultat:
    """`queryset`: every announcement found, ordered. `approche`: why these are not exactly what was asked."""

    criteres: Criteres

    @cached_property
    def texte(self) -> texte.Texte:
        return texte.comprendre(self.criteres.q, ANNONCES)

    @cached_property
    def categories(self) -> list[Categorie]:
        return list(Categorie.objects.all())

    @cached_property
    def structure(self) -> Structure | None:
        """The structure asked for, when it is in the public eye."""
        if not self.criteres.structure:
            return None
        return Structure.objects.publiees().filter(slug=self.criteres.structure).only("nom", "slug").first()

    # -- what is counted

    @cached_property
    def _etapes(self):
        """(what was given up, criteria, counts): as asked; else further away; else with some of the filters."""
        demande = self.criteres
        comptes = self._compter(demande)
        if comptes.total or self.texte.mode == texte.RIEN:
            return "", demande, comptes
        if demande.commune:
            plus_loin = replace(demande, km=0)
            elargis = self._compter(plus_loin)
            if elargis.total:
                return "distance", plus_loin, elargis
        nue = replace(
            demande, km=0, facettes={}, gratuit=False, prix_max=None, du=None, au=None, structure="", urgent=False
        )
        if nue == demande:
            return "", demande, comptes
        tous = self._compter(nue)
        return ("filtres" if tous.base else ""), nue if tous.base else demande, comptes

    def _compter(self, criteres: Criteres):
        return facettes.compter(self._base(criteres), criteres, self.categories)

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
        """How many are listed; among the nearest, a dozen at most."""
        return len(self._proches) if self.abandon else self.comptes.total

    @cached_property
    def options(self) -> dict[str, list[facettes.Option]]:
        return facettes.options(self.comptes, self.criteres, self.categories)

    # -- what is found

    def _base(self, criteres: Criteres):
        """What the words, the place and the details leave; `km=0` forgets the distance."""
        if criteres.toutes:
            base = Annonce.objects.filter(etat__in=["publiee", "pourvue"], structure_publiee=True)
        else:
            base = Annonce.objects.a_saisir()
        if self.texte.filtre is not None:
            base = base.filter(self.texte.filtre)
        if criteres.commune and criteres.km:
            base = base.autour(criteres.commune.latitude, criteres.commune.longitude, criteres.km)
        if criteres.gratuit or criteres.prix_max is not None:
            base = base.filter(_prix(criteres))
        if criteres.urgent:
            base = base.filter(urgente_pour__gte=timezone.localdate())
        if criteres.structure:
            base = base.filter(structure=self.structure.pk) if self.structure else base.none()
        if criteres.dates:
            base = libres(base, *criteres.dates)
        return base

    def _filtree(self, criteres: Criteres):
        base = self._base(criteres)
        if criteres.facettes:
            for condition in facettes.conditions(criteres, self.categories).values():
                base = base.filter(condition)
        return base

    @property
    def filtree_exacte(self):
        """Those that answer to all that was asked, unordered, without counting anything: for feeds and alerts."""
        return self._filtree(self.criteres)

    @property
    def exacte(self):
        """The same, in the order asked for, with `distance` (km) when around a commune: for the API and the files."""
        return self._trier(self.filtree_exacte, self.criteres.tri_effectif)

    @cached_property
    def _proches(self) -> list[int]:
        """The keys of the nearest ones, when nothing answers to all that was asked."""
        abandon, criteres, _ = self._etapes
        if abandon == "distance":
            trouvees = self._trier(self._filtree(criteres), "distance")
        else:
            accords = Value(0, IntegerField())
            for condition in facettes.conditions(self.criteres, self.categories).values():
                accords = accords + Case(When(condition, then=1), default=0, output_field=IntegerField())
            trouvees = self._base(criteres).annotate(accords=accords).order_by("-accords", *self._recentes)
        return list(trouvees.values_list("pk", flat=True)[:PROCHES_MAX])

    @property
    def queryset(self):
        """Those found, in the order asked for, with `distance` (km) when around a commune."""
        if self.abandon:
            proches = Annonce.objects.filter(pk__in=self._proches)
            return self._trier(proches, "distance" if self.abandon == "distance" else "recentes")
        return self._trier(self._filtree(self.criteres), self.criteres.tri_effectif)

    def tranche(self, debut: int, fin: int):
        """`queryset[debut:fin]`, the same rows with less work when they are sorted by distance."""
        if not self.abandon and self.criteres.tri_effectif == "distance" and (proches := self._plus_pres(fin)):
            return self._trier(proches, "distance")[debut:fin]
        return self.queryset[debut:fin]

    def _plus_pres(self, combien: int):
        """Those in a smaller circle that holds at least `combien` of them, or None: a page to sort, not 100,000."""
        criteres = self.criteres
        if self.total < 10 * combien:
            return None
        rayon = criteres.km * sqrt(4 * combien / self.total)  # four times enough where they are spread evenly
        if rayon > criteres.km / 2:
            return None
        proches = self._filtree(replace(criteres, km=rayon))
        return proches if proches.order_by()[combien - 1 : combien].exists() else None

    _recentes = (F("publiee_le").desc(), F("pk").desc())

    def _trier(self, trouvees, tri: str):
        commune = self.criteres.commune
        if commune:
            trouvees = trouvees.a_distance_de(commune.latitude, commune.longitude)
        if tri == "distance":
            return trouvees.order_by(F("distance").asc(nulls_last=True), *self._recentes)
        if tri == "expire":
            return trouvees.order_by("expire_le", "pk")
        if tri == "pertinence" and self.texte.tsquery and self.comptes.base <= CLASSEMENT_MAX:
            rang = SearchRank(F("recherche_vecteur"), texte.RequeteTexte(self.texte.tsquery), weights=POIDS)
            return trouvees.annotate(rang=rang).order_by("-rang", *self._recentes)
        return trouvees.order_by(*self._recentes)


def _prix(criteres: Criteres) -> Q:
    """Free, or known and not above; « sur demande » is neither. The price is read whatever it is for."""
    gratuit = Q(mode__in=GRATUITS) | Q(prix=0)
    if criteres.gratuit or criteres.prix_max == 0:
        return gratuit
    return ~Q(mode__in=PAYANTS) | Q(prix__lte=criteres.prix_max)
