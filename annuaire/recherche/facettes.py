"""Facets: how many structures each value would give, the other filters applied. One query for all of them."""

from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from annuaire.models import Activite, Commune, Competence, Label, LabelStructure

from .criteres import FACETTES, FORMES, Criteres

COMMUNES_MAX = 12
COMPETENCES_MAX = 12


@dataclass
class Option:
    """One line of a facet."""

    valeur: str
    nom: str
    compte: int
    choisie: bool = False
    enfants: list["Option"] = field(default_factory=list)

    @property
    def deployee(self) -> bool:
        """Its second level shows once it, or one of them, is ticked: the panel stays short."""
        return self.choisie or any(enfant.choisie for enfant in self.enfants)


@dataclass
class Taxonomies:
    """The short tables, read once per request (three queries)."""

    activites: list[Activite]
    competences: list[Competence]
    labels: list[Label]

    @classmethod
    def lire(cls) -> "Taxonomies":
        return cls(list(Activite.objects.all()), list(Competence.objects.all()), list(Label.objects.all()))

    def ids(self, facette: str, slugs: tuple[str, ...]) -> list[int]:
        objets = {"activite": self.activites, "competence": self.competences, "label": self.labels}[facette]
        return [objet.pk for objet in objets if objet.slug in slugs]

    def en_avant(self, comptes=None) -> list["Option"]:
        """The ten or so visible ways in, for those who do not know what to type; counts when given."""
        comptes = comptes["activite"] if comptes else {}
        return [
            Option(activite.slug, activite.nom, comptes.get(str(activite.pk), 0))
            for activite in self.activites
            if activite.en_avant
        ]


def labels_valides():
    """Labels held today: no end, or an end that has not passed."""
    return LabelStructure.objects.filter(Q(expire_le=None) | Q(expire_le__gte=timezone.localdate()))


def condition(facette: str, criteres: Criteres, taxonomies: Taxonomies):
    """The filter of one facet, or None when nothing is ticked there."""
    choisies = criteres.choisies(facette)
    if not choisies:
        return None
    if facette == "forme":
        return Q(forme_juridique__in=choisies)
    if facette == "ville":
        return Q(commune__in=choisies)
    ids = taxonomies.ids(facette, choisies)
    if facette == "label":
        return Exists(labels_valides().filter(structure=OuterRef("pk"), label__in=ids))
    return Q(**{f"{facette}s_index__overlap": ids})


SQL = """
WITH base AS MATERIALIZED ({base})
SELECT 'total', '', count(*) FROM base WHERE {toutes}
UNION ALL SELECT 'sans_point', '', count(*) FROM base WHERE latitude IS NULL AND {toutes}
UNION ALL SELECT 'base', '', count(*) FROM base
UNION ALL
SELECT 'activite', v::text, sum(n)::bigint FROM (
    SELECT activites_index, count(*) AS n FROM base WHERE {activite} GROUP BY 1
) AS g, unnest(g.activites_index) AS v GROUP BY v
UNION ALL
SELECT 'competence', v::text, sum(n)::bigint FROM (
    SELECT competences_index, count(*) AS n FROM base WHERE {competence} GROUP BY 1
) AS g, unnest(g.competences_index) AS v GROUP BY v
UNION ALL SELECT 'forme', forme_juridique, count(*) FROM base WHERE {forme} GROUP BY 2
UNION ALL
SELECT 'label', l.label_id::text, count(*) FROM base
JOIN annuaire_labelstructure AS l ON l.structure_id = base.id AND (l.expire_le IS NULL OR l.expire_le >= %s)
WHERE {label} GROUP BY 2
UNION ALL
SELECT 'ville', commune_id, n FROM (
    SELECT commune_id, count(*) AS n, row_number() OVER (ORDER BY count(*) DESC, commune_id) AS rang
    FROM base WHERE commune_id IS NOT NULL AND {ville} GROUP BY 1
) AS g WHERE rang <= %s OR commune_id = ANY (%s)
"""

# The planner does not know what reading 150,000 tsvectors out of line costs: a common word is looked up in its
# index all the same, and the rows found stay in memory. Twice as fast on 200,000 structures (docs/bench.md).
PREPARER = "SET LOCAL enable_seqscan = off; SET LOCAL work_mem = '64MB'"
RANGER = "SET LOCAL enable_seqscan = DEFAULT; SET LOCAL work_mem = DEFAULT"


def compter(base, criteres: Criteres, taxonomies: Taxonomies) -> dict[str, dict[str, int]]:
    """Counts by facet and value. `base`: the published structures that the text and the place leave."""
    colonnes = ["id", "latitude", "forme_juridique", "commune_id", "activites_index", "competences_index"]
    drapeaux = {}
    for facette in FACETTES:
        filtre = condition(facette, criteres, taxonomies)
        if filtre is not None:
            drapeaux[facette] = filtre
    annote = base.annotate(**{f"ok_{facette}": filtre for facette, filtre in drapeaux.items()})
    requete = annote.order_by().values(*colonnes, *[f"ok_{facette}" for facette in drapeaux]).query
    sql, parametres = requete.sql_with_params()

    def sauf(facette):
        return " AND ".join(f"ok_{autre}" for autre in drapeaux if autre != facette) or "true"

    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(PREPARER)
        cursor.execute(
            SQL.format(base=sql, toutes=sauf(None), **{facette: sauf(facette) for facette in FACETTES}),
            [*parametres, timezone.localdate(), COMMUNES_MAX, list(criteres.choisies("ville"))],
        )
        comptes = {nom: {} for nom in [*FACETTES, "total", "base", "sans_point"]}
        for facette, cle, compte in cursor.fetchall():
            comptes[facette][cle] = compte
        cursor.execute(RANGER)
    return comptes


def options(comptes, criteres: Criteres, taxonomies: Taxonomies) -> dict[str, list[Option]]:
    """What the filter panel shows: nothing that would find nothing, save what is ticked."""
    communes = Commune.objects.in_bulk(list(comptes["ville"]))
    resultat = {
        "activite": _activites(comptes["activite"], criteres, taxonomies.activites),
        "competence": _taxons(comptes["competence"], criteres.choisies("competence"), taxonomies.competences),
        "forme": _options(
            [(valeur, nom, comptes["forme"].get(valeur, 0)) for valeur, nom in FORMES.items()],
            criteres.choisies("forme"),
        ),
        "label": _taxons(comptes["label"], criteres.choisies("label"), taxonomies.labels),
        "ville": _options(
            [(code, communes[code].nom, n) for code, n in comptes["ville"].items() if code in communes],
            criteres.choisies("ville"),
        ),
    }
    for nom in ("competence", "forme", "label", "ville"):
        resultat[nom].sort(key=lambda option: -option.compte)
    resultat["competence"] = [
        option for rang, option in enumerate(resultat["competence"]) if rang < COMPETENCES_MAX or option.choisie
    ]
    return resultat


def _options(lignes, choisies) -> list[Option]:
    return [Option(valeur, nom, n, valeur in choisies) for valeur, nom, n in lignes if n or valeur in choisies]


def _taxons(comptes, choisies, objets) -> list[Option]:
    return _options([(objet.slug, objet.nom, comptes.get(str(objet.pk), 0)) for objet in objets], choisies)


def _activites(comptes, criteres: Criteres, activites: list[Activite]) -> list[Option]:
    choisies = criteres.choisies("activite")
    par_parent: dict[int | None, list[Activite]] = {}
    for activite in activites:
        par_parent.setdefault(activite.parent_id, []).append(activite)
    racines = []
    for activite in par_parent.get(None, []):
        enfants = _taxons(comptes, choisies, par_parent.get(activite.pk, []))
        racine = Option(
            activite.slug, activite.nom, comptes.get(str(activite.pk), 0), activite.slug in choisies, enfants
        )
        if racine.compte or racine.choisie or enfants:
            racines.append(racine)
    return racines
