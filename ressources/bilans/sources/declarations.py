"""Exchanges that one side or both declared (models.Bilan): hours, euros, kilos.

A loan belongs to the day it came back and a part of a batch to the day it was handed over, so that figures stand in
the year of the exchange however late they are said; any other exchange to the day of its first declaration. A figure
that both gave counts for the smaller of the two: what they agree took place at least.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection

from ressources.agenda import minuit
from ressources.bilans.faits import AEstimer, Chiffre, Fait, Manque, Source, jour_de
from ressources.bilans.mesures import ECHANGES, EUROS, HEURES, KILOS, Base, Sens
from ressources.statistiques.echanges import ECHANGE

REQUETE = f"""
WITH siennes AS (
    SELECT id FROM ressources_bilan WHERE structure_id = %(structure)s OR avec_id = %(structure)s
    UNION
    SELECT b.id FROM ressources_bilan b JOIN ressources_miseenrelation m ON m.id = b.mise_en_relation_id
    WHERE %(structure)s IN (m.annonceur_id, m.structure_id)
    UNION
    SELECT b.id FROM ressources_bilan b JOIN ressources_reservation v ON v.id = b.reservation_id
        JOIN ressources_annonce a ON a.id = b.annonce_id WHERE %(structure)s IN (v.structure_id, a.structure_id)
), lignes AS (
    SELECT b.*, a.partage, {ECHANGE} AS echange, CASE
        WHEN m.id IS NOT NULL THEN CASE b.structure_id WHEN m.structure_id THEN m.annonceur_id ELSE m.structure_id END
        WHEN v.id IS NOT NULL THEN CASE b.structure_id WHEN v.structure_id THEN a.structure_id ELSE v.structure_id END
        ELSE b.avec_id END AS autre_id
    FROM ressources_bilan b JOIN ressources_annonce a ON a.id = b.annonce_id
        LEFT JOIN ressources_miseenrelation m ON m.id = b.mise_en_relation_id
        LEFT JOIN ressources_reservation v ON v.id = b.reservation_id
    WHERE %(structure)s IS NULL OR b.id IN (SELECT id FROM siennes)
), echanges AS (
    SELECT min(id) AS declaration, min(annonce_id) AS annonce_id, min(partage) AS partage,
        min(mise_en_relation_id) AS relation,
        min(reservation_id) AS reservation, min(declare_le) AS declare_le, max(avec_libre) AS avec_libre,
        (array_agg(structure_id ORDER BY id))[1] AS premier, (array_agg(autre_id ORDER BY id))[1] AS second,
        array_agg(DISTINCT structure_id) AS par,
        min(heures) AS heures, array_agg(DISTINCT structure_id) FILTER (WHERE heures IS NOT NULL) AS par_heures,
        min(euros) AS euros, array_agg(DISTINCT structure_id) FILTER (WHERE euros IS NOT NULL) AS par_euros,
        min(kilos) AS kilos, array_agg(DISTINCT structure_id) FILTER (WHERE kilos IS NOT NULL) AS par_kilos
    FROM lignes GROUP BY echange
), dates AS MATERIALIZED (
    SELECT e.*, coalesce(
        v.rendue_le,
        CASE WHEN partage <> '' THEN (SELECT min(p.remise_le) FROM ressources_partdelot p WHERE p.etat = 'remise'
            AND p.annonce_id = e.annonce_id AND p.structure_id IN (e.premier, e.second)) END,
        e.declare_le) AS le
    FROM echanges e LEFT JOIN ressources_reservation v ON v.id = e.reservation
)
SELECT p.structure_id, p.autre_id, coalesce(s.nom, e.avec_libre), e.le, e.declaration, e.relation, e.reservation,
    a.id, a.titre, a.categorie_id, (p.structure_id = a.structure_id) = (a.sens = 'offre'),
    a.mode = 'don' AND a.nature = 'materiel' AND a.partage = '' AND a.quantite = 1 AND e.reservation IS NULL,
    cardinality(e.par), e.heures, cardinality(e.par_heures), e.euros, cardinality(e.par_euros), e.kilos,
    cardinality(e.par_kilos),
    p.structure_id <> ALL(e.par) OR p.structure_id <> ALL(e.par_heures) OR p.structure_id <> ALL(e.par_euros)
        OR p.structure_id <> ALL(e.par_kilos),
    p.autre_id <> ALL(e.par) OR p.autre_id <> ALL(e.par_heures) OR p.autre_id <> ALL(e.par_euros)
        OR p.autre_id <> ALL(e.par_kilos)
FROM dates e JOIN ressources_annonce a ON a.id = e.annonce_id
    CROSS JOIN LATERAL (VALUES (e.premier, e.second), (e.second, e.premier)) AS p(structure_id, autre_id)
    LEFT JOIN annuaire_structure s ON s.id = p.autre_id
WHERE e.le >= %(debut)s AND e.le < %(fin)s AND p.structure_id IS DISTINCT FROM p.autre_id
    AND p.structure_id IS NOT NULL AND (%(structure)s IS NULL OR p.structure_id = %(structure)s)
ORDER BY e.le, e.declaration
"""  # noqa: S608 - made of constants


@dataclass(slots=True)
class _Ligne:
    """A row of the query. `n_…`: how many sides gave the figure; `tait`, `autre_tait`: the structure, the other one,
    said nothing or left out a figure that was given (None: no figure was)."""

    structure: int
    autre: int | None
    avec: str
    le: datetime
    declaration: int
    relation: int | None
    reservation: int | None
    annonce: int
    titre: str
    categorie: int | None
    donne: bool
    un_objet_donne: bool
    n: int
    heures: Decimal | None
    n_heures: int | None
    euros: Decimal | None
    n_euros: int | None
    kilos: Decimal | None
    n_kilos: int | None
    tait: bool | None
    autre_tait: bool | None


def faits(debut: date, fin: date, *, structure=None) -> Iterator[Fait]:
    """One query, for one structure or for all."""
    parametres = {"structure": structure and structure.pk, "debut": minuit(debut), "fin": minuit(fin)}
    with connection.cursor() as cursor:
        cursor.execute(REQUETE, parametres)
        lignes = [_Ligne(*valeurs) for valeurs in cursor.fetchall()]
    return map(_fait, lignes)


def _fait(ligne: _Ligne) -> Fait:
    dites = tuple(_chiffres(ligne))
    return Fait(
        structure=ligne.structure,
        sens=Sens.DONNE if ligne.donne else Sens.RECU,
        le=jour_de(ligne.le),
        quoi=ligne.titre,
        avec=ligne.avec,
        chiffres=dites,
        a_estimer=tuple(_a_estimer(ligne)) if ligne.un_objet_donne else (),
        categorie=ligne.categorie,
        annonce=(ligne.annonce, ligne.titre),
        page=_page(ligne),
        manque=_manque(ligne),
        echange=_code(ligne) if ligne.autre else "",
    )


def _chiffres(ligne: _Ligne) -> Iterator[Chiffre]:
    yield Chiffre(ECHANGES, Base.DEUX if ligne.n > 1 else Base.UN, 1)
    for mesure, valeur, cotes in (
        (HEURES, ligne.heures, ligne.n_heures),
        (EUROS, ligne.euros, ligne.n_euros),
        (KILOS, ligne.kilos, ligne.n_kilos),
    ):
        if cotes:
            yield Chiffre(mesure, Base.DEUX if cotes > 1 else Base.UN, valeur)


def _a_estimer(ligne: _Ligne) -> Iterator[AEstimer]:
    """Of a batch, the parts that were handed over are estimated; of several objects, nobody knows how many went."""
    if not ligne.n_kilos:
        yield AEstimer(KILOS, "kilos_objet", 1)
    if not ligne.n_euros:
        yield AEstimer(EUROS, "euros_objet", 1)


def _page(ligne: _Ligne):
    if ligne.relation:
        return "ressources:conversation", (ligne.relation,)
    return ("ressources:reservation", (ligne.reservation,)) if ligne.reservation else None


def _code(ligne: _Ligne) -> str:
    if ligne.relation:
        return f"r{ligne.relation}"
    return f"b{ligne.reservation}" if ligne.reservation else f"d{ligne.declaration}"


def _manque(ligne: _Ligne) -> Manque:
    """Whoever said nothing, or left out a figure that the other gave; one's own word first."""
    if ligne.autre is None:
        return Manque.AUCUN
    if ligne.tait:
        return Manque.VOTRE
    return Manque.AUTRE if ligne.autre_tait else Manque.AUCUN


SOURCE = Source(
    "declarations",
    "Échanges déclarés",
    (ECHANGES, HEURES, EUROS, KILOS),
    faits,
    "Ce que les structures déclarent elles-mêmes après un échange, compté le jour du retour d'un prêt ou de la remise "
    "d'une part de lot, sinon le jour de la première déclaration. Quand "
    "les deux donnent un chiffre, c'est le plus petit des deux qui compte, dans « dit par les deux ». Quand une seule "
    "le donne, il va dans « dit par une seule ».",
)
