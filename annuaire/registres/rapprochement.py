"""Which registered structures the directory already has.

Same RNA number, same SIRET, or same SIREN in the same commune: certain, done at once, whatever the sheet's state but a
draft (an archived or refused one is known: nobody is to be invited). A close name in the same commune, or the same
SIREN elsewhere: proposed, and staff say. Nothing invented (demonstration) is matched with what is real.
"""

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Left

from annuaire.doublons import noms_proches
from annuaire.models import EntreeRegistre, Structure

SIMILAIRES = 0.45
"""As annuaire.paires: names less similar than this are not compared in Python."""
PROCHES = 5
"""Sheets of its commune compared in Python with one registered structure, the most similar names first."""

# One equality a join, so that each has its index or its hash: an OR would compare every row with every sheet.
CERTAINES = """
WITH libres AS MATERIALIZED (
    SELECT id, rna, siret, left(siret, 9) AS siren, commune_id, est_demonstration
      FROM annuaire_entreeregistre WHERE etat IN ('a_voir', 'invitee')
), fiches AS MATERIALIZED (
    SELECT id, rna, siret, left(siret, 9) AS siren, commune_id, est_demonstration, etat = 'publiee' AS publiee
      FROM annuaire_structure s WHERE etat <> 'brouillon' AND (rna <> '' OR siret <> '') {une_structure}
), paires AS (
    SELECT e.id AS entree, s.id AS structure, publiee FROM libres e JOIN fiches s USING (rna, est_demonstration)
     WHERE e.rna <> ''
    UNION ALL
    SELECT e.id, s.id, publiee FROM libres e JOIN fiches s USING (siret, est_demonstration) WHERE e.siret <> ''
    UNION ALL
    SELECT e.id, s.id, publiee FROM libres e JOIN fiches s USING (siren, commune_id, est_demonstration)
     WHERE e.siren <> ''
)
UPDATE annuaire_entreeregistre e
   SET etat = 'rapprochee', structure_id = trouvee.structure, proposee_id = NULL, ressemblance = '',
       decidee_le = now()
  FROM (
    SELECT DISTINCT ON (entree) entree, structure FROM paires p
     WHERE NOT EXISTS (SELECT 1 FROM annuaire_entreedistincte d
                        WHERE d.entree_id = p.entree AND d.structure_id = p.structure)
     ORDER BY entree, publiee DESC, structure
  ) trouvee
 WHERE e.id = trouvee.entree
"""
PROPOSEES = """
WITH libres AS MATERIALIZED (
    SELECT id, nom, tri, rna, left(siret, 9) AS siren, commune_id, est_demonstration
      FROM annuaire_entreeregistre
     WHERE etat IN ('a_voir', 'invitee') AND fermee_le IS NULL AND proposee_id IS NULL
), fiches AS MATERIALIZED (
    SELECT id, nom, tri, rna, left(siret, 9) AS siren, commune_id, est_demonstration
      FROM annuaire_structure s WHERE etat <> 'brouillon' {une_structure}
), paires AS MATERIALIZED (
    SELECT e.id AS entree, e.nom, e.commune_id, s.id AS structure, s.nom AS nom_de_fiche, true AS meme_siren,
           1.0 AS ressemblance
      FROM libres e JOIN fiches s USING (siren, est_demonstration)
     WHERE siren <> '' AND NOT (e.rna <> '' AND s.rna <> '' AND e.rna <> s.rna)
    UNION ALL
    SELECT e.id, e.nom, commune_id, s.id, s.nom, false, public.similarity(s.tri, e.tri)
      FROM libres e JOIN fiches s USING (commune_id, est_demonstration)
     WHERE public.similarity(s.tri, e.tri) >= %(similaires)s
       AND NOT (e.rna <> '' AND s.rna <> '' AND e.rna <> s.rna)
), rangees AS (
    SELECT *, row_number() OVER (PARTITION BY entree ORDER BY meme_siren DESC, ressemblance DESC, structure) AS rang
      FROM paires p
     WHERE NOT EXISTS (SELECT 1 FROM annuaire_entreedistincte d
                        WHERE d.entree_id = p.entree AND d.structure_id = p.structure)
)
SELECT entree, rangees.nom, structure, nom_de_fiche, c.nom, meme_siren
  FROM rangees JOIN annuaire_commune c ON c.code = commune_id
 WHERE rang <= %(proches)s
 ORDER BY entree, rang
"""


class Identiques:
    """For a batch of rows: the sheets that have the same identifiers, found in one query."""

    def __init__(self, lues, *, demonstration: bool):
        rna = {lue.valeurs["rna"] for lue in lues if lue.valeurs.get("rna")}
        siren = {lue.valeurs["siret"][:9] for lue in lues if lue.valeurs.get("siret")}
        self.par_rna, self.par_siret, self.par_siren = {}, {}, {}
        if not rna and not siren:
            return
        fiches = (
            Structure.objects.exclude(etat=Structure.Etat.BROUILLON)
            .filter(est_demonstration=demonstration)
            .annotate(siren=Left("siret", 9))
            .filter(Q(rna__in=rna) | Q(siren__in=siren) & ~Q(siret=""))
            .only("pk", "nom", "rna", "siret", "commune_id", "etat")
            .order_by("pk")
        )
        for fiche in sorted(fiches, key=lambda fiche: fiche.etat != Structure.Etat.PUBLIEE):
            if fiche.rna:
                self.par_rna.setdefault(fiche.rna, fiche)
            if fiche.siret:
                self.par_siret.setdefault(fiche.siret, fiche)
                self.par_siren.setdefault((fiche.siren, fiche.commune_id), fiche)

    def trouver(self, lue) -> tuple[Structure, str] | None:
        """The sheet and why it is surely this one, in French."""
        rna, siret = lue.valeurs.get("rna", ""), lue.valeurs.get("siret", "")
        if fiche := self.par_rna.get(rna):
            return fiche, "même numéro RNA"
        if fiche := self.par_siret.get(siret):
            return fiche, "même SIRET"
        if fiche := self.par_siren.get((siret[:9], lue.valeurs.get("commune_id"))):
            return fiche, "même SIREN, même commune"
        return None


@transaction.atomic
def rapprocher(structure=None) -> tuple[int, int]:
    """Match what is certain, propose what is likely; for one sheet, or for all. How many of each."""
    une = "AND s.id = %(structure)s" if structure is not None else ""
    parametres = {"structure": getattr(structure, "pk", None), "similaires": SIMILAIRES, "proches": PROCHES}
    with connection.cursor() as cursor:
        cursor.execute(CERTAINES.format(une_structure=une), parametres)
        certaines = cursor.rowcount
        cursor.execute(PROPOSEES.format(une_structure=une), parametres)
        lignes = cursor.fetchall()
    proposees = {}
    for entree, nom, fiche, nom_de_fiche, commune, meme_siren in lignes:
        if entree in proposees:
            continue
        if meme_siren:
            proposees[entree] = (fiche, "même SIREN, autre commune")
        elif (ecart := noms_proches(nom, nom_de_fiche, lieu=commune)) is not None:
            proposees[entree] = (fiche, "même nom, même commune" if ecart == 0 else "nom proche, même commune")
    for raison in {raison for _, raison in proposees.values()}:
        trouvees = [
            EntreeRegistre(pk=entree, proposee_id=fiche, ressemblance=raison)
            for entree, (fiche, mots) in proposees.items()
            if mots == raison
        ]
        EntreeRegistre.objects.bulk_update(trouvees, ["proposee", "ressemblance"], batch_size=500)
    return certaines, len(proposees)
