"""Probable duplicates already in the base: the pairs that staff look at, computed by SQL and bounded."""

from dataclasses import dataclass

from django.core.cache import cache
from django.db import OperationalError, connection, transaction

from annuaire.doublons import METRES, noms_proches
from annuaire.models import Structure

MAXIMUM = 500
"""Pairs looked at; staff deal with the first ones and the next ones show."""
DELAI_MS = 4000
"""Milliseconds that the comparison of names may take; beyond, only equal identifiers are compared."""
CLE_CACHE = "annuaire.paires.nombre"
PAR_NOM = ("nom proche, même commune", f"nom proche, à moins de {METRES} m")

IDENTIFIANTS = """
    SELECT a.id, b.id, 0, 'même SIRET' FROM vivantes a JOIN vivantes b ON a.siret = b.siret AND a.id < b.id
     WHERE a.siret <> ''
    UNION ALL
    SELECT a.id, b.id, 1, 'même numéro RNA' FROM vivantes a JOIN vivantes b ON a.rna = b.rna AND a.id < b.id
     WHERE a.rna <> ''
    UNION ALL
    SELECT a.id, b.id, 4, 'même adresse e-mail' FROM vivantes a JOIN vivantes b
        ON a.courriel = b.courriel AND a.id < b.id WHERE a.courriel <> ''
    UNION ALL
    SELECT a.id, b.id, 5, 'même téléphone' FROM vivantes a JOIN vivantes b
        ON a.telephone = b.telephone AND a.id < b.id WHERE a.telephone <> ''
"""
NOMS = """
    UNION ALL
    SELECT a.id, b.id, 2, %(commune)s FROM vivantes a JOIN vivantes b
        ON a.commune_id = b.commune_id AND a.id < b.id AND public.similarity(a.tri, b.tri) >= 0.45
    UNION ALL
    SELECT a.id, b.id, 3, %(proche)s FROM vivantes a JOIN annuaire_structure b
        ON b.latitude BETWEEN a.latitude - 0.0009 AND a.latitude + 0.0009
       AND b.longitude BETWEEN a.longitude - 0.0013 AND a.longitude + 0.0013
       AND a.id < b.id AND a.commune_id IS DISTINCT FROM b.commune_id AND b.etat NOT IN ('refusee', 'brouillon')
       AND public.similarity(a.tri, b.tri) >= 0.45
"""
DEMANDE = """
WITH vivantes AS MATERIALIZED (
    SELECT id, tri, siret, rna, lower(courriel) AS courriel, telephone, commune_id, latitude, longitude
      FROM annuaire_structure WHERE etat NOT IN ('refusee', 'brouillon')
), paires (a, b, rang, raison) AS ({sources})
SELECT a, b, array_agg(raison ORDER BY rang)
  FROM paires
 WHERE NOT EXISTS (SELECT 1 FROM annuaire_nondoublon n WHERE n.structure_a_id = a AND n.structure_b_id = b)
 GROUP BY a, b ORDER BY min(rang), a, b LIMIT %(maximum)s
"""


@dataclass(frozen=True)
class Paire:
    """Two sheets that might be one; `a` is the older row."""

    a: Structure
    b: Structure
    raisons: tuple

    @property
    def deux(self):
        return (self.a, self.b)


def _lignes(sources) -> list:
    demande = DEMANDE.format(sources=sources)
    parametres = {"maximum": MAXIMUM, "commune": PAR_NOM[0], "proche": PAR_NOM[1]}
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(f"SET LOCAL statement_timeout = {DELAI_MS:d}")
        curseur.execute(demande, parametres)
        lignes = curseur.fetchall()
        curseur.execute("SET LOCAL statement_timeout = DEFAULT")
    return lignes


def lister() -> list[Paire]:
    """At most MAXIMUM pairs, equal identifiers first; pairs close by name only obey doublons.noms_proches."""
    try:
        lignes = _lignes(IDENTIFIANTS + NOMS)
    except OperationalError:
        lignes = _lignes(IDENTIFIANTS)
    cles = {cle for a, b, _ in lignes for cle in (a, b)}
    fiches = Structure.objects.filter(pk__in=cles).select_related("commune")
    fiches = fiches.defer("recherche", "recherche_trgm", "recherche_vecteur").in_bulk()
    trouvees = []
    for a, b, raisons in lignes:
        premiere, seconde = fiches[a], fiches[b]
        lieu = premiere.commune.nom if premiere.commune else ""
        if set(raisons) <= set(PAR_NOM) and noms_proches(premiere.nom, seconde.nom, lieu=lieu) is None:
            continue
        trouvees.append(Paire(premiere, seconde, tuple(raisons)))
    return trouvees


def nombre() -> int:
    """How many pairs wait, counted again at most every five minutes and after each decision (`oublier`)."""
    return cache.get_or_set(CLE_CACHE, lambda: len(lister()), 300)


def oublier() -> None:
    cache.delete(CLE_CACHE)
