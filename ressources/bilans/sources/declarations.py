"""Exchanges that one side or both declared (models.Bilan): hours, euros, kilos.

A loan belongs to the day it came back and a part of a batch to the day it was handed over, so that figures stand in
the year of the exchange however late they are said; any other exchange to the day of its first declaration. A figure
that both gave counts for the smaller of the two: what they agree took place at least.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils import timezone

from ressources.agenda import minuit
from ressources.bilans.faits import AEstimer, Chiffre, Fait, Manque, Source
from ressources.bilans.mesures import ECHANGES, EUROS, HEURES, KILOS, Base, Sens
from ressources.statistiques.echanges import ECHANGE

UNITES = (HEURES, EUROS, KILOS)
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
    SELECT b.*, {ECHANGE} AS echange, CASE
        WHEN m.id IS NOT NULL THEN CASE b.structure_id WHEN m.structure_id THEN m.annonceur_id ELSE m.structure_id END
        WHEN v.id IS NOT NULL THEN CASE b.structure_id WHEN v.structure_id THEN a.structure_id ELSE v.structure_id END
        ELSE b.avec_id END AS autre_id
    FROM ressources_bilan b JOIN ressources_annonce a ON a.id = b.annonce_id
        LEFT JOIN ressources_miseenrelation m ON m.id = b.mise_en_relation_id
        LEFT JOIN ressources_reservation v ON v.id = b.reservation_id
    WHERE %(structure)s IS NULL OR b.id IN (SELECT id FROM siennes)
), echanges AS (
    SELECT min(id) AS declaration, min(annonce_id) AS annonce_id, min(mise_en_relation_id) AS relation,
        min(reservation_id) AS reservation, min(declare_le) AS declare_le, max(avec_libre) AS avec_libre,
        (array_agg(structure_id ORDER BY id))[1] AS premier, (array_agg(autre_id ORDER BY id))[1] AS second,
        array_agg(DISTINCT structure_id) AS par,
        min(heures) AS heures, array_agg(DISTINCT structure_id) FILTER (WHERE heures IS NOT NULL) AS par_heures,
        min(euros) AS euros, array_agg(DISTINCT structure_id) FILTER (WHERE euros IS NOT NULL) AS par_euros,
        min(kilos) AS kilos, array_agg(DISTINCT structure_id) FILTER (WHERE kilos IS NOT NULL) AS par_kilos
    FROM lignes GROUP BY echange
), dates AS (
    SELECT e.*, coalesce(
        v.rendue_le,
        (SELECT min(p.remise_le) FROM ressources_partdelot p WHERE p.etat = 'remise'
            AND p.annonce_id = e.annonce_id AND p.structure_id IN (e.premier, e.second)),
        e.declare_le) AS le
    FROM echanges e LEFT JOIN ressources_reservation v ON v.id = e.reservation
)
SELECT p.structure_id, p.autre_id, coalesce(s.nom, e.avec_libre), e.le, e.declaration, e.relation, e.reservation,
    a.id, a.titre, a.nature, a.mode, a.categorie_id, a.structure_id, a.sens, a.partage = '' AND a.quantite = 1,
    e.par, e.heures, e.par_heures, e.euros, e.par_euros, e.kilos, e.par_kilos
FROM dates e JOIN ressources_annonce a ON a.id = e.annonce_id
    CROSS JOIN LATERAL (VALUES (e.premier, e.second), (e.second, e.premier)) AS p(structure_id, autre_id)
    LEFT JOIN annuaire_structure s ON s.id = p.autre_id
WHERE e.le >= %(debut)s AND e.le < %(fin)s AND p.structure_id IS DISTINCT FROM p.autre_id
    AND p.structure_id IS NOT NULL AND (%(structure)s IS NULL OR p.structure_id = %(structure)s)
ORDER BY e.le, e.declaration
"""  # noqa: S608 - made of constants


@dataclass(slots=True)
class _Ligne:
    """A row of the query."""

    structure: int
    autre: int | None
    avec: str
    le: object
    declaration: int
    relation: int | None
    reservation: int | None
    annonce: int
    titre: str
    nature: str
    mode: str
    categorie: int | None
    annonceur: int
    annonce_sens: str
    un_objet: bool
    par: list
    heures: object
    par_heures: list | None
    euros: object
    par_euros: list | None
    kilos: object
    par_kilos: list | None


def faits(debut: date, fin: date, *, structure=None) -> Iterator[Fait]:
    """One query, for one structure or for all."""
    parametres = {"structure": structure and structure.pk, "debut": minuit(debut), "fin": minuit(fin)}
    with connection.cursor() as cursor:
        cursor.execute(REQUETE, parametres)
        lignes = [_Ligne(*valeurs) for valeurs in cursor.fetchall()]
    return map(_fait, lignes)


def _fait(ligne: _Ligne) -> Fait:
    donne = (ligne.structure == ligne.annonceur) == (ligne.annonce_sens == "offre")
    dites = tuple(_chiffres(ligne))
    return Fait(
        structure=ligne.structure,
        sens=Sens.DONNE if donne else Sens.RECU,
        le=timezone.localdate(ligne.le),
        quoi=ligne.titre,
        avec=ligne.avec,
        chiffres=dites,
        a_estimer=tuple(_a_estimer(ligne, {chiffre.mesure for chiffre in dites})),
        categorie=ligne.categorie,
        annonce=(ligne.annonce, ligne.titre),
        page=_page(ligne),
        manque=_manque(ligne),
        echange=_code(ligne) if ligne.autre else "",
    )


def _base(par) -> Base:
    return Base.DEUX if len(par) > 1 else Base.UN


def _chiffres(ligne: _Ligne) -> Iterator[Chiffre]:
    yield Chiffre(ECHANGES, _base(ligne.par), 1)
    for mesure in UNITES:
        if par := getattr(ligne, f"par_{mesure.cle}"):
            yield Chiffre(mesure, _base(par), getattr(ligne, mesure.cle))


def _a_estimer(ligne: _Ligne, dites) -> Iterator[AEstimer]:
    """An object given in one piece: of a batch, or of more than one, the parts that were handed over are estimated."""
    if ligne.mode == "don" and ligne.nature == "materiel" and ligne.un_objet and not ligne.reservation:
        for mesure, genre in ((KILOS, "kilos_objet"), (EUROS, "euros_objet")):
            if mesure not in dites:
                yield AEstimer(mesure, genre, 1)


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
    dits = [ligne.par, *(par for par in (ligne.par_heures, ligne.par_euros, ligne.par_kilos) if par)]
    if any(ligne.structure not in par for par in dits):
        return Manque.VOTRE
    return Manque.AUTRE if any(ligne.autre not in par for par in dits) else Manque.AUCUN


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
