"""The few announcements worth a closer look among all of them: two queries, however many needs are asked for.

Rare words are looked for as far as the nature goes; common ones (« chaises », in a large base) only close by, where
there are enough; and the same category, nearest first. Each way is capped: a common word costs no more than a rare.
"""

from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from annuaire.geographie import boite

RARE = 1500
"""A term in fewer announcements than that is looked for far away."""
COMPTE_MAX = RARE + 1
PAR_MOTS, PAR_MOTS_COURANTS, PAR_CATEGORIE = 80, 80, 60
PRES_KM = 20

PORTEE_KM = {
    "materiel": 40, "local": 25, "competence": 60, "artiste": 80, "entraide": 20, "benevolat": 25, "formation": 45,
    "achat_groupe": 60,
}  # fmt: skip
"""How far one goes for it, unless who offers says a radius."""
PORTEE_MAX_KM = 200
"""No radius said on a sheet goes further."""

VOISINES = {
    "materiel": {},
    "local": {},
    "competence": {"formation": 0.6, "benevolat": 0.6, "entraide": 0.6, "artiste": 0.5},
    "artiste": {"competence": 0.5, "formation": 0.4},
    "entraide": {"benevolat": 0.7, "competence": 0.6},
    "benevolat": {"entraide": 0.7, "competence": 0.6},
    "formation": {"competence": 0.6, "artiste": 0.4},
    "achat_groupe": {},
}
"""Other natures that can answer, and how well."""


def natures(nature: str) -> list[str]:
    return [nature, *VOISINES[nature]]


@dataclass(frozen=True)
class Frequences:
    """How many announcements have each term, counted up to COMPTE_MAX, among `total`."""

    par_terme: dict
    total: int

    def rare(self, terme) -> bool:
        return self.par_terme.get(terme, 0) < RARE


def compter(termes, vocabulaire) -> Frequences:
    """One query; a count stops at COMPTE_MAX."""
    termes = sorted(termes)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT t.terme, (
                SELECT count(*) FROM (
                    SELECT 1 FROM ressources_annonce a
                    WHERE a.recherche_vecteur @@ t.requete::tsquery AND a.etat = 'publiee' LIMIT %s
                ) AS c
            ) FROM unnest(%s::text[], %s::text[]) AS t (terme, requete)
            UNION ALL
            SELECT '', greatest(c.reltuples::bigint, 0) FROM pg_class c WHERE c.oid = 'ressources_annonce'::regclass
            """,
            [COMPTE_MAX, termes, [vocabulaire.tsquery([terme]) for terme in termes]],
        )
        comptes = dict(cursor.fetchall())
    total = max(comptes.pop(""), *comptes.values(), 200) if comptes else 200
    return Frequences(comptes, total)


OUVERTES = """
    a.etat = 'publiee' AND a.structure_publiee AND a.expire_le >= %(jour)s AND a.sens = %(sens)s
    AND a.nature = ANY (%(natures)s) AND a.structure_id <> %(structure)s
    AND (a.partage = '' OR a.quantite_prise < a.quantite)
    AND NOT EXISTS (
        SELECT 1 FROM ressources_rapprochement r
        WHERE r.besoin_id = CASE WHEN a.sens = 'besoin' THEN a.id ELSE %(annonce)s END
        AND r.offre_id = CASE WHEN a.sens = 'besoin' THEN %(annonce)s ELSE a.id END
        AND (r.ecarte_par_besoin_le IS NOT NULL OR r.ecarte_par_offre_le IS NOT NULL)
    )"""
BOITE = "a.latitude BETWEEN %({0}_sud)s AND %({0}_nord)s AND a.longitude BETWEEN %({0}_ouest)s AND %({0}_est)s"

MOTS = f"""(
    SELECT %(annonce)s::bigint, a.id FROM ressources_annonce a
    WHERE a.recherche_vecteur @@ %(rares)s::tsquery AND {OUVERTES}
    AND (%(partout)s OR a.latitude IS NULL OR a.presence IN ('a_distance', 'les_deux') OR ({BOITE.format("loin")}))
    ORDER BY ts_rank('{{0,0,0.15,1}}', a.recherche_vecteur, %(rares)s::tsquery) DESC, a.id DESC LIMIT {PAR_MOTS}
)"""  # noqa: S608 - fixed fragments
MOTS_COURANTS = f"""(
    SELECT %(annonce)s::bigint, p.id FROM (
        SELECT a.id, a.recherche_vecteur FROM ressources_annonce a
        WHERE a.recherche_vecteur @@ %(courants)s::tsquery AND {OUVERTES} AND (%(partout)s OR ({BOITE.format("pres")}))
        LIMIT 4 * {PAR_MOTS_COURANTS}
    ) AS p
    ORDER BY ts_rank('{{0,0,0.15,1}}', p.recherche_vecteur, %(courants)s::tsquery) DESC, p.id DESC
    LIMIT {PAR_MOTS_COURANTS}
)"""  # noqa: S608 - fixed fragments
CATEGORIE = f"""(
    SELECT %(annonce)s::bigint, p.id FROM (
        SELECT a.id, a.latitude, a.longitude FROM ressources_annonce a
        WHERE a.categorie_id = %(categorie)s AND {OUVERTES} AND (%(partout)s OR ({BOITE.format("pres")}))
        LIMIT 4 * {PAR_CATEGORIE}
    ) AS p
    ORDER BY abs(p.latitude - %(lat)s) + abs(p.longitude - %(lon)s), p.id DESC LIMIT {PAR_CATEGORIE}
)"""  # noqa: S608 - fixed fragments


def chercher(annonces, sens, frequences, vocabulaire) -> dict[int, set[int]]:
    """Announcement -> ids of those of the other side to score, in one query."""
    bras, parametres = [], []
    for annonce, compris in zip(annonces, sens, strict=True):
        valeurs = _valeurs(annonce)
        rares = [t for t in (*compris.titre, *compris.description[:6]) if frequences.rare(t)]
        courants = [t for t in compris.titre if not frequences.rare(t)]
        if rares:
            bras.append(MOTS)
            parametres.append(valeurs | {"rares": vocabulaire.tsquery(rares)})
        if courants:
            bras.append(MOTS_COURANTS)
            parametres.append(valeurs | {"courants": vocabulaire.tsquery(courants)})
        if annonce.categorie_id:
            bras.append(CATEGORIE)
            parametres.append(valeurs | {"categorie": annonce.categorie_id})
    trouves = {annonce.pk: set() for annonce in annonces}
    if not bras:
        return trouves
    morceaux, tout = [], {}
    for rang, (texte, valeurs) in enumerate(zip(bras, parametres, strict=True)):
        morceaux.append(texte.replace("%(", f"%(b{rang}_"))
        tout |= {f"b{rang}_{cle}": valeur for cle, valeur in valeurs.items()}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(morceaux), tout)
        for annonce_id, candidat in cursor:
            trouves[annonce_id].add(candidat)
    return trouves


def _valeurs(annonce) -> dict:
    situee = annonce.latitude is not None
    lat, lon = (annonce.latitude, annonce.longitude) if situee else (0.0, 0.0)
    valeurs = {
        "annonce": annonce.pk,
        "structure": annonce.structure_id,
        "jour": timezone.localdate(),
        "sens": "besoin" if annonce.est_offre else "offre",
        "natures": natures(annonce.nature),
        "partout": not situee or annonce.presence in ("a_distance", "les_deux"),
        "lat": lat,
        "lon": lon,
    }
    for nom, km in (("loin", PORTEE_MAX_KM), ("pres", PRES_KM)):
        bornes = zip(("sud", "ouest", "nord", "est"), boite(lat, lon, km), strict=True)
        valeurs |= {f"{nom}_{cote}": degre for cote, degre in bornes}
    return valeurs
