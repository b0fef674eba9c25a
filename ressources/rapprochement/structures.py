"""Structures that have posted no offer, but whose sheet says that they have the skill a need asks for."""

from django.db import connection

from annuaire.geographie import boite, distance_km
from annuaire.models import Structure

from .accord import Accord
from .candidats import PORTEE_KM
from .lexique import lexemes

NATURES = ("competence", "artiste", "formation")
LIMITE = 3
A_LIRE = 20
SCORE_ETIQUETTE, SCORE_TEXTE = 30.0, 20.0

BRAS = f"""(
    SELECT %(annonce)s::bigint, p.id FROM (
        SELECT s.id, s.latitude, s.longitude FROM annuaire_structure s
        WHERE s.etat = 'publiee' AND s.id <> %(structure)s AND s.recherche_vecteur @@ %(requete)s::tsquery
        AND (
            %(partout)s
            OR (s.latitude BETWEEN %(sud)s AND %(nord)s AND s.longitude BETWEEN %(ouest)s AND %(est)s)
            OR (s.latitude IS NULL AND EXISTS (
                SELECT 1 FROM annuaire_commune c WHERE c.code = s.commune_id
                AND c.latitude BETWEEN %(sud)s AND %(nord)s AND c.longitude BETWEEN %(ouest)s AND %(est)s
            ))
        )
        AND NOT EXISTS (
            SELECT 1 FROM ressources_annonce a
            WHERE a.structure_id = s.id AND a.etat = 'publiee' AND a.sens = 'offre'
        )
        AND NOT EXISTS (
            SELECT 1 FROM ressources_rapprochement r
            WHERE r.besoin_id = %(annonce)s AND r.structure_id = s.id
            AND (r.ecarte_par_besoin_le IS NOT NULL OR r.ecarte_par_offre_le IS NOT NULL)
        )
        LIMIT 10 * {A_LIRE}
    ) AS p
    ORDER BY abs(p.latitude - %(lat)s) + abs(p.longitude - %(lon)s), p.id LIMIT {A_LIRE}
)"""  # noqa: S608 - fixed fragments


def chercher(annonces, sens, vocabulaire, lisibles) -> dict[int, list[Accord]]:
    """Need -> at most LIMITE structures; four queries, whatever the number of needs."""
    besoins = {
        annonce.pk: (annonce, compris.objet or compris.titre)
        for annonce, compris in zip(annonces, sens, strict=True)
        if not annonce.est_offre and annonce.nature in NATURES and compris.titre
    }
    par_besoin = _candidates(besoins, vocabulaire)
    cles = set().union(*par_besoin.values()) if par_besoin else set()
    if not cles:
        return {}
    structures = {
        s.pk: s
        for s in Structure.objects.filter(pk__in=cles)
        .select_related("commune")
        .prefetch_related("competences")
        .order_by()
    }
    dits = _dits(structures.values(), vocabulaire)
    return {
        pk: _accords(annonce, termes, [structures[s] for s in par_besoin[pk]], dits, lisibles)
        for pk, (annonce, termes) in besoins.items()
    }


def _candidates(besoins, vocabulaire) -> dict[int, set[int]]:
    morceaux, tout = [], {}
    for rang, (annonce, termes) in enumerate(besoins.values()):
        situee = annonce.latitude is not None
        lat, lon = (annonce.latitude, annonce.longitude) if situee else (0.0, 0.0)
        bornes = zip(("sud", "ouest", "nord", "est"), boite(lat, lon, PORTEE_KM[annonce.nature]), strict=True)
        valeurs = {
            "annonce": annonce.pk,
            "structure": annonce.structure_id,
            "requete": vocabulaire.tsquery(termes),
            "partout": not situee,
            "lat": lat,
            "lon": lon,
            **dict(bornes),
        }
        morceaux.append(BRAS.replace("%(", f"%(b{rang}_"))
        tout |= {f"b{rang}_{cle}": valeur for cle, valeur in valeurs.items()}
    trouvees = {pk: set() for pk in besoins}
    if morceaux:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ".join(morceaux), tout)
            for pk, structure in cursor:
                trouvees[pk].add(structure)
    return trouvees


def _dits(structures, vocabulaire) -> dict:
    """Structure -> (terms of each skill by its name, terms of its missions), in one query."""
    textes, places = [], []
    for structure in structures:
        for competence in structure.competences.all():
            textes.append(competence.nom)
            places.append((structure.pk, competence.nom))
        textes.append(structure.missions[:1000])
        places.append((structure.pk, ""))
    dits = {}
    for (pk, nom), suite in zip(places, lexemes(textes), strict=True):
        etiquettes, missions = dits.setdefault(pk, ({}, set()))
        if nom:
            etiquettes[nom] = set(vocabulaire.termes(suite))
        else:
            missions.update(vocabulaire.termes(suite))
    return dits


def _accords(annonce, termes, structures, dits, lisibles) -> list[Accord]:
    """A skill of the sheet that holds the thing sought first; then missions that speak of all of it."""
    accords = []
    for structure in structures:
        km = _km(annonce, structure)
        if km is not None and structure.rayon_intervention and km > structure.rayon_intervention:
            continue
        etiquettes, missions = dits[structure.pk]
        noms = [nom for nom, siens in etiquettes.items() if termes[0] in siens]
        if noms:
            raison, score = f"compétence indiquée sur sa fiche : {noms[0].lower()}", SCORE_ETIQUETTE
        elif set(termes) <= missions:
            raison, score = f"ses missions en parlent : {lisibles.get(termes[0], termes[0])}", SCORE_TEXTE
        else:
            continue
        lieu = [] if km is None else [f"à {max(1, round(km))} km"]
        accords.append(Accord(score - (km or 0) / 100, [raison, *lieu], structure=structure))
    return sorted(accords, key=lambda a: (-a.score, a.structure.pk))[:LIMITE]


def _km(annonce, structure):
    """From the sheet's point, else from the middle of its commune; None when neither is known."""
    point = structure if structure.est_situee else structure.commune
    if annonce.latitude is None or point is None or point.latitude is None:
        return None
    return distance_km(annonce.latitude, annonce.longitude, point.latitude, point.longitude)
