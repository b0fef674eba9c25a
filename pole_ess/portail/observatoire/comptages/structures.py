"""Published structures, their jobs and people: today, or on the evening of a past day as their history tells it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Count, F, Min
from django.db.models.functions import ExtractYear
from django.utils import timezone

from annuaire.models import Activite, Commune, Structure

AUJOURD_HUI = """
SELECT forme_juridique AS forme, commune_id AS commune, salaries_etp AS etp, benevoles, adherents,
    activites_index AS activites
FROM annuaire_structure WHERE etat = 'publiee'
"""
HISTOIRE = """
SELECT v.forme_juridique AS forme, v.commune_id AS commune, v.salaries_etp AS etp, v.benevoles, v.adherents,
    ARRAY(
        SELECT DISTINCT x.id FROM annuaire_historicalstructure_activites l
            JOIN annuaire_activite a ON a.id = l.activite_id
            CROSS JOIN LATERAL (VALUES (a.id), (a.parent_id)) AS x(id)
        WHERE l.history_id = v.history_id AND x.id IS NOT NULL
    ) AS activites
FROM (
    SELECT DISTINCT ON (id) history_id, history_type, etat, forme_juridique, commune_id, salaries_etp, benevoles,
        adherents
    FROM annuaire_historicalstructure WHERE history_date < %(fin)s
    ORDER BY id, history_date DESC, history_id
) v
WHERE v.etat = 'publiee' AND v.history_type <> '-'
"""
"""The last version of each sheet before `fin`; `publiee_le` alone would forget those archived since."""
TRANCHES = ("Aucun emploi", "Moins de 1 ETP", "De 1 à moins de 3 ETP", "De 3 à moins de 10 ETP",
            "De 10 à moins de 50 ETP", "50 ETP et plus")  # fmt: skip
CHIFFRES = "count(*), count(etp), sum(etp), count(benevoles), sum(benevoles), count(adherents), sum(adherents)"
REQUETE = f"""
WITH etat AS MATERIALIZED ({{etat}})
SELECT 'total', NULL, {CHIFFRES}, count(*) FILTER (WHERE activites <> '{{{{}}}}') FROM etat
UNION ALL SELECT 'forme', forme, {CHIFFRES}, NULL FROM etat GROUP BY forme
UNION ALL SELECT 'commune', commune, {CHIFFRES}, NULL FROM etat GROUP BY commune
UNION ALL SELECT 'tranche', width_bucket(etp, ARRAY[0.005, 1, 3, 10, 50])::text, {CHIFFRES}, NULL FROM etat
    WHERE etp IS NOT NULL GROUP BY 2
UNION ALL SELECT 'activite', a::text, {CHIFFRES}, NULL FROM etat CROSS JOIN unnest(activites) AS a GROUP BY a
"""  # noqa: S608 - made of constants


@dataclass(frozen=True, slots=True)
class Effectif:
    """Structures, and what those that said it have: `disent_…` of them gave the figure, which is None when none did."""

    structures: int = 0
    disent_etp: int = 0
    etp: Decimal | None = None
    disent_benevoles: int = 0
    benevoles: int | None = None
    disent_adherents: int = 0
    adherents: int | None = None

    def __add__(self, autre):
        """Of structures that are not the same ones."""

        def somme(champ):
            dits = [v for v in (getattr(self, champ), getattr(autre, champ)) if v is not None]
            return sum(dits) if dits else None

        return Effectif(**{champ: somme(champ) for champ in Effectif.__slots__})


@dataclass(frozen=True, slots=True)
class LigneActivite:
    """`nom` is empty for a domain itself: its structures, those of its activities included, each once."""

    domaine: str
    nom: str
    effectif: Effectif

    @property
    def en_clair(self) -> str:
        return f"{self.domaine} : {self.nom}" if self.nom else self.domaine


@dataclass(frozen=True, slots=True)
class LigneCommune:
    """`intercommunalite`: named after its most populous commune, empty when it is not known."""

    code: str
    nom: str
    intercommunalite: str
    effectif: Effectif


@dataclass(frozen=True)
class EtatStructures:
    """Published structures on the evening of the day `le`; rows in the order of their names, or of the taxonomy."""

    le: date
    total: Effectif
    avec_activite: int
    activites: tuple[LigneActivite, ...]
    formes: tuple[tuple[str, Effectif], ...]
    communes: tuple[LigneCommune, ...]
    tranches: tuple[int, ...]
    """Structures of each of TRANCHES."""


@dataclass(frozen=True)
class Noms:
    """What rows are called; read once for all the years."""

    activites: list[Activite]
    communes: dict[str, tuple[str, str]]
    """Code -> (name, intercommunalité), in the order of names."""


def lire_noms() -> Noms:
    """Three queries."""
    activites = list(Activite.objects.select_related("parent"))
    par_epci = Commune.objects.exclude(epci="").order_by("epci", F("population").desc(nulls_last=True), "tri", "code")
    tailles = dict(Commune.objects.exclude(epci="").order_by().values_list("epci").annotate(combien=Count("pk")))
    autour = {epci: _intercommunalite(nom, tailles[epci]) for epci, nom in _premieres(par_epci)}
    lues = Commune.objects.order_by("tri", "code").values_list("code", "nom", "epci")
    return Noms(activites, {code: (nom, autour.get(epci, "")) for code, nom, epci in lues})


def _premieres(communes):
    """(EPCI, name of its first commune)."""
    return communes.distinct("epci").values_list("epci", "nom")


def _intercommunalite(nom: str, combien: int) -> str:
    return f"Intercommunalité de {nom} ({combien} communes connues du portail)" if combien > 1 else nom


def premier_jour() -> date | None:
    """The day of the oldest version of a sheet: there is no state before."""
    premiere = Structure.history.order_by().aggregate(premiere=Min("history_date"))["premiere"]
    return timezone.localdate(premiere) if premiere else None


def nouvelles_par_annee() -> dict[int, int]:
    """Civil year (Europe/Paris) -> structures shown to all for the first time, archived since or not; one query."""
    parues = Structure.objects.order_by().exclude(publiee_le=None).exclude(etat="refusee")
    return dict(parues.values_list(ExtractYear("publiee_le")).annotate(combien=Count("pk")))


def lire_etat(le: date, noms: Noms, *, fin: datetime | None = None) -> EtatStructures:
    """Today's published sheets, or (`fin`: the first instant after the day `le`) those of that evening; one query."""
    with connection.cursor() as cursor:
        cursor.execute(REQUETE.format(etat=HISTOIRE if fin else AUJOURD_HUI), {"fin": fin})
        lignes = cursor.fetchall()
    trouves, avec_activite = {}, 0
    for axe, cle, *chiffres, dites in lignes:
        trouves[axe, cle] = Effectif(*chiffres)
        avec_activite += dites or 0
    return EtatStructures(
        le,
        trouves["total", None],
        avec_activite,
        _activites(trouves, noms),
        tuple((forme, trouves["forme", forme]) for forme in _formes() if ("forme", forme) in trouves),
        _communes(trouves, noms),
        tuple(trouves.get(("tranche", str(rang)), Effectif()).structures for rang in range(len(TRANCHES))),
    )


def _formes() -> list[str]:
    return [*Structure.FormeJuridique.values, ""]


def _activites(trouves, noms) -> tuple[LigneActivite, ...]:
    """Domains that have a structure, each followed by its activities that have one."""
    lignes = []
    for domaine in noms.activites:
        if domaine.parent_id or ("activite", str(domaine.pk)) not in trouves:
            continue
        lignes.append(LigneActivite(domaine.nom, "", trouves["activite", str(domaine.pk)]))
        lignes += [
            LigneActivite(domaine.nom, activite.nom, trouves["activite", str(activite.pk)])
            for activite in noms.activites
            if activite.parent_id == domaine.pk and ("activite", str(activite.pk)) in trouves
        ]
    return tuple(lignes)


def _communes(trouves, noms) -> tuple[LigneCommune, ...]:
    """By name; those without a commune last, under an empty code."""
    lignes = [
        LigneCommune(code, *dits, trouves["commune", code])
        for code, dits in noms.communes.items()
        if ("commune", code) in trouves
    ]
    if ("commune", None) in trouves:
        lignes.append(LigneCommune("", "Commune inconnue", "", trouves["commune", None]))
    return tuple(lignes)
