"""The figures of the coverage, in a constant number of queries whatever the territory's size.

Counted: published structures whose commune is of the territory, once per commune and once per activity (a family
counts its own and its activities'). Beside them, what registers know and the directory does not.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count

from annuaire.models import Activite, Commune, EntreeRegistre, Structure
from pole_ess.socle.models import ReglagesPole

PEU = 2
"""At most this many structures is « few »."""
ZONES = 8
"""Columns of the matrix when intercommunalities are not known: the most populated communes, then all the others."""

PAR_ACTIVITE = """
SELECT activite, commune_id, count(*)
  FROM annuaire_structure, unnest(activites_index) AS activite
 WHERE etat = 'publiee' AND commune_id = ANY(%s)
 GROUP BY activite, commune_id
"""


@dataclass(frozen=True)
class LigneCommune:
    commune: Commune
    structures: int
    enregistrees: int

    @property
    def pour_mille(self) -> float | None:
        """Structures per 1,000 inhabitants; None when the population is not known, or nobody lives there."""
        return 1000 * self.structures / self.commune.population if self.commune.population else None

    @property
    def rang(self) -> tuple:
        """The least covered first: none at all and many people, then the lowest rate, then what cannot be told."""
        return (
            self.structures > 0,
            self.pour_mille is None,
            self.pour_mille or 0.0,
            -(self.commune.population or 0),
            self.commune.tri,
            self.commune.pk,
        )


@dataclass(frozen=True)
class LigneActivite:
    activite: Activite
    structures: int
    enregistrees: int

    @property
    def est_famille(self) -> bool:
        return self.activite.parent_id is None

    @property
    def rare(self) -> bool:
        return self.structures <= PEU


@dataclass(frozen=True)
class Zone:
    """A column of the matrix: an intercommunality, a commune, or all the others. `commune`: when it is one."""

    nom: str
    communes: frozenset[str]
    commune: Commune | None = None


@dataclass(frozen=True)
class Case:
    zone: Zone
    structures: int
    enregistrees: int


@dataclass
class Couverture:
    """`sans_activite`: published structures of the territory that say nothing of what they do."""

    communes: list[LigneCommune] = field(default_factory=list)
    activites: list[LigneActivite] = field(default_factory=list)
    zones: list[Zone] = field(default_factory=list)
    matrice: list[tuple[Activite, list[Case]]] = field(default_factory=list)
    structures: int = 0
    enregistrees: int = 0
    sans_activite: int = 0

    @property
    def communes_vides(self) -> list[LigneCommune]:
        return [ligne for ligne in self.communes if not ligne.structures]

    @property
    def activites_rares(self) -> list[LigneActivite]:
        return [ligne for ligne in self.activites if ligne.rare]


def compter() -> Couverture:
    """The coverage of the hub's territory, as it is now; empty when the hub has not said which communes it has."""
    territoire = ReglagesPole.actuels().territoire
    communes = list(Commune.objects.filter(pk__in=territoire).order_by("tri", "pk"))
    if not communes:
        return Couverture()
    du_territoire = Structure.objects.publiees().filter(commune__in=territoire)
    par_commune = dict(du_territoire.order_by().values_list("commune").annotate(Count("pk")))
    enregistrees = _enregistrees()
    par_activite = _par_activite(list(territoire))
    activites = list(Activite.objects.order_by("ordre", "nom", "pk"))
    zones = _zones(communes)
    return Couverture(
        communes=sorted(
            (LigneCommune(c, par_commune.get(c.pk, 0), sum(enregistrees[c.pk].values())) for c in communes),
            key=lambda ligne: ligne.rang,
        ),
        activites=_lignes_activites(activites, par_activite, enregistrees),
        zones=zones,
        matrice=_matrice(activites, zones, par_activite, enregistrees),
        structures=sum(par_commune.values()),
        enregistrees=sum(sum(comptes.values()) for comptes in enregistrees.values()),
        sans_activite=du_territoire.filter(activites_index=[]).count(),
    )


def _enregistrees() -> dict[str, dict[int | None, int]]:
    """Commune -> activity (None: not known) -> registered and not listed."""
    comptes: dict = defaultdict(dict)
    lignes = EntreeRegistre.objects.non_listees().order_by().values_list("commune", "activite").annotate(Count("pk"))
    for commune, activite, combien in lignes:
        comptes[commune][activite] = combien
    return comptes


def _par_activite(territoire) -> dict[int, dict[str, int]]:
    comptes: dict = defaultdict(dict)
    with connection.cursor() as curseur:
        curseur.execute(PAR_ACTIVITE, [territoire])
        for activite, commune, combien in curseur.fetchall():
            comptes[activite][commune] = combien
    return comptes


def _lignes_activites(activites, par_activite, enregistrees) -> list[LigneActivite]:
    """Each family followed by its activities, in the order of the taxonomy."""
    enfants = defaultdict(list)
    for activite in activites:
        enfants[activite.parent_id].append(activite)
    lignes = []
    for famille in enfants[None]:
        for activite in (famille, *enfants[famille.pk]):
            siennes = {activite.pk, *(e.pk for e in enfants[activite.pk])}
            lignes.append(
                LigneActivite(
                    activite,
                    sum(par_activite[activite.pk].values()) if activite.pk in par_activite else 0,
                    sum(combien for comptes in enregistrees.values() for a, combien in comptes.items() if a in siennes),
                )
            )
    return lignes


def _zones(communes) -> list[Zone]:
    """Intercommunalities where they are known, named after their largest commune; else the largest communes."""
    peuplees = sorted(communes, key=lambda c: (-(c.population or 0), c.tri, c.pk))
    if all(commune.epci for commune in communes):
        par_epci = defaultdict(list)
        for commune in peuplees:
            par_epci[commune.epci].append(commune)
        return [Zone(f"Autour de {siennes[0].nom}", frozenset(c.pk for c in siennes)) for siennes in par_epci.values()]
    zones = [Zone(c.nom, frozenset([c.pk]), c) for c in peuplees[:ZONES]]
    autres = frozenset(c.pk for c in peuplees[ZONES:])
    return [*zones, Zone("Autres communes", autres)] if autres else zones


def _matrice(activites, zones, par_activite, enregistrees) -> list[tuple[Activite, list[Case]]]:
    familles = [activite for activite in activites if activite.parent_id is None]
    familles_de = {a.pk: a.parent_id or a.pk for a in activites}
    lignes = []
    for famille in familles:
        siennes = par_activite.get(famille.pk, {})
        cases = [
            Case(
                zone,
                sum(combien for commune, combien in siennes.items() if commune in zone.communes),
                sum(
                    combien
                    for commune in zone.communes & enregistrees.keys()
                    for activite, combien in enregistrees[commune].items()
                    if familles_de.get(activite) == famille.pk
                ),
            )
            for zone in zones
        ]
        lignes.append((famille, cases))
    return lignes
