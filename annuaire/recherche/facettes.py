"""Facets: how many structures each value would give, the other filters applied. One query for all of them."""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from annuaire.models import LabelStructure
from pole_ess.socle import aiguillage

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


@dataclass(frozen=True, slots=True)
class Taxon:
    """A row of one of the short tables: an activity, a skill or a label."""

    pk: int
    nom: str
    slug: str
    parent_id: int | None
    en_avant: bool


TAXONOMIES = """
SELECT 'activites', id, nom, slug, parent_id, en_avant, ordre FROM annuaire_activite
UNION ALL SELECT 'competences', id, nom, slug, NULL, false, 0 FROM annuaire_competence
UNION ALL SELECT 'labels', id, nom, slug, NULL, false, 0 FROM annuaire_label
ORDER BY 1, 7, 3, 2
"""
"""In the order of their models."""


@dataclass
class Taxonomies:
    """The short tables, read once per request in one query."""

    activites: list[Taxon] = field(default_factory=list)
    competences: list[Taxon] = field(default_factory=list)
    labels: list[Taxon] = field(default_factory=list)

    @classmethod
    def lire(cls) -> "Taxonomies":
        taxonomies = cls()
        with aiguillage.connexion().cursor() as cursor:
            cursor.execute(TAXONOMIES)
            for table, *colonnes, _ordre in cursor.fetchall():
                getattr(taxonomies, table).append(Taxon(*colonnes))
        return taxonomies

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


# The planner does not know what reading 150,000 tsvectors out of line costs: a common word is looked up in its
# index all the same, and the rows found stay in memory. Twice as fast on 200,000 structures (docs/bench.md).
# Sent as one message: the whole is one implicit transaction, so what is SET LOCAL ends with it.
SQL = """
SET LOCAL enable_seqscan = off; SET LOCAL work_mem = '64MB';
WITH base AS {garder} ({base})
SELECT 'total', '', count(*), NULL::text FROM base WHERE {toutes}
UNION ALL SELECT 'sans_point', '', count(*), NULL FROM base WHERE latitude IS NULL AND {toutes}
UNION ALL SELECT 'base', '', count(*), NULL FROM base
UNION ALL
SELECT 'activite', v::text, sum(n)::bigint, NULL FROM (
    SELECT activites_index, count(*) AS n FROM base WHERE {activite} GROUP BY 1
) AS g, unnest(g.activites_index) AS v GROUP BY v
UNION ALL
SELECT 'competence', v::text, sum(n)::bigint, NULL FROM (
    SELECT competences_index, count(*) AS n FROM base WHERE {competence} GROUP BY 1
) AS g, unnest(g.competences_index) AS v GROUP BY v
UNION ALL SELECT 'forme', forme_juridique, count(*), NULL FROM base WHERE {forme} GROUP BY 2
UNION ALL
SELECT 'label', l.label_id::text, count(*), NULL FROM base
JOIN annuaire_labelstructure AS l ON l.structure_id = base.id AND (l.expire_le IS NULL OR l.expire_le >= %s)
WHERE {label} GROUP BY 2
UNION ALL
SELECT 'ville', commune_id, n, (SELECT nom FROM annuaire_commune WHERE code = commune_id) FROM (
    SELECT commune_id, count(*) AS n, row_number() OVER (ORDER BY count(*) DESC, commune_id) AS rang
    FROM base WHERE commune_id IS NOT NULL AND {ville} GROUP BY 1
) AS g WHERE rang <= %s OR commune_id = ANY (%s)
UNION ALL
SELECT 'ids', '', 0, string_agg(id::text, ',') FROM (SELECT id FROM base WHERE {toutes} LIMIT %s) AS g;
SET LOCAL enable_seqscan = DEFAULT; SET LOCAL work_mem = DEFAULT
"""
IDS_MAX = 1000
"""Up to so many structures found, the list is read by their keys instead of searched a second time."""


@dataclass
class Comptes:
    """What one pass over the structures found says."""

    total: int = 0
    base: int = 0
    """Those that the words and the place leave, whatever is ticked."""
    sans_point: int = 0
    ids: list[int] | None = None
    """The keys of those found, None above IDS_MAX."""
    noms_villes: dict[str, str] = field(default_factory=dict)
    par_facette: dict[str, dict[str, int]] = field(default_factory=lambda: {nom: {} for nom in FACETTES})

    def __getitem__(self, facette: str) -> dict[str, int]:
        return self.par_facette[facette]


def compter(base, criteres: Criteres, taxonomies: Taxonomies) -> Comptes:
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

    with aiguillage.connexion().cursor() as cursor:
        cursor.execute(
            SQL.format(
                base=sql,
                # Words and distances are worked out once; without them, the index is read again for less.
                garder="MATERIALIZED" if criteres.q or (criteres.commune and criteres.km) else "NOT MATERIALIZED",
                toutes=sauf(None),
                **{facette: sauf(facette) for facette in FACETTES},
            ),
            [*parametres, timezone.localdate(), COMMUNES_MAX, list(criteres.choisies("ville")), IDS_MAX + 1],
        )
        while cursor.description is None:  # past the answers of the SET
            cursor.nextset()
        return _ranger(cursor.fetchall())


def _ranger(lignes) -> Comptes:
    comptes = Comptes()
    for quoi, valeur, compte, texte in lignes:
        if quoi == "ids":
            ids = [int(cle) for cle in texte.split(",")] if texte else []
            comptes.ids = ids if len(ids) <= IDS_MAX else None
        elif quoi in ("total", "base", "sans_point"):
            setattr(comptes, quoi, compte)
        else:
            comptes.par_facette[quoi][valeur] = compte
            if quoi == "ville":
                comptes.noms_villes[valeur] = texte
    return comptes


def options(comptes: Comptes, criteres: Criteres, taxonomies: Taxonomies) -> dict[str, list[Option]]:
    """What the filter panel shows: nothing that would find nothing, save what is ticked."""
    resultat = {
        "activite": _activites(comptes["activite"], criteres, taxonomies.activites),
        "competence": _taxons(comptes["competence"], criteres.choisies("competence"), taxonomies.competences),
        "forme": _options(
            [(valeur, nom, comptes["forme"].get(valeur, 0)) for valeur, nom in FORMES.items()],
            criteres.choisies("forme"),
        ),
        "label": _taxons(comptes["label"], criteres.choisies("label"), taxonomies.labels),
        "ville": _options(
            [(code, comptes.noms_villes[code], n) for code, n in comptes["ville"].items()],
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


def _activites(comptes, criteres: Criteres, activites: list[Taxon]) -> list[Option]:
    choisies = criteres.choisies("activite")
    par_parent: dict[int | None, list[Taxon]] = {}
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
