"""Importing structures: read, decide line by line, then write in bulk.

Rules: running twice changes nothing; a field that a human edited (Structure.champs_humains) is never overwritten,
an empty cell erases nothing; an archived, refused or deleted structure does not come back; a person who objected
(annuaire.oppositions) does not either; a possible duplicate is listed, not created, unless the line gives a reason
in « ajouter quand même ».
"""

from django.db import connection, transaction

from annuaire.models import AncienneAdresse, AncienneCle, Structure

from .colonnes import reconnaitre
from .decision import Decideur
from .ecriture import ecrire
from .erreurs import FichierIllisible
from .lecture import lire
from .rapport import Rapport, Statut
from .valeurs import LigneLue, Referentiel

VERROU = 715_002_014
"""Advisory lock: one import at a time, so that two do not create the same structure."""


@transaction.atomic
def importer(
    fichier,
    *,
    nom: str,
    source: str,
    simulation: bool = False,
    tout_ou_rien: bool = False,
    publier: bool = True,
    par=None,
) -> Rapport:
    """Import the open binary `fichier` named `nom` under the key space `source`; see the module for the rules.

    `simulation` writes nothing and gives the same report. With `tout_ou_rien`, one rejected line and nothing is
    written. New structures are published at once, or wait for staff when `publier` is False. Raises
    FichierIllisible when the file cannot be read as a list of structures.
    """
    tableau = lire(fichier, nom)
    colonnes = reconnaitre(tableau.entetes)
    if "nom" not in colonnes:
        lus = ", ".join(f"« {entete[:30]} »" for entete in tableau.entetes[:12] if entete)
        raise FichierIllisible(f"Aucune colonne ne donne le nom des structures. En-têtes lus : {lus or 'aucun'}.")
    if not simulation:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [VERROU])
    referentiel = Referentiel()
    lues = [referentiel.lire(numero, cellules, colonnes) for numero, cellules in tableau.lignes]
    existantes = Existantes(source, lues, verrouiller=not simulation)
    decideur = Decideur(existantes, lues)
    decisions = [decideur.decider(lue) for lue in lues]
    rapport = Rapport(
        lignes=[decision.rapport for decision in decisions],
        colonnes_ignorees=colonnes.ignorees,
        colonnes_personnelles=colonnes.personnelles,
    )
    if tout_ou_rien and rapport.comptes()["rejetee"]:
        rapport.retenu = True
        for ligne in rapport.lignes:
            if ligne.statut in (Statut.CREEE, Statut.MISE_A_JOUR):
                ligne.statut = Statut.REJETEE
                ligne.raisons.append("ligne correcte, retenue parce qu'une autre est rejetée (tout ou rien)")
    elif not simulation:
        ecrire(decisions, source=source, publier=publier, par=par)
        rapport.ecrit = True
    return rapport


class Existantes:
    """The structures that the lines may already be, found in a handful of queries for the whole file."""

    def __init__(self, source: str, lues: list[LigneLue], *, verrouiller: bool):
        cles = {cle for lue in lues for cle in lue.cles}
        fiches = {lue.fiche for lue in lues if lue.fiche}
        base = Structure.objects.defer("recherche", "recherche_trgm", "recherche_vecteur")
        base = base.prefetch_related("activites", "competences", "labels", "contacts").order_by("pk")
        if verrouiller:
            base = base.select_for_update(of=("self",))
        anciennes = dict(AncienneAdresse.objects.filter(slug__in=fiches).values_list("slug", "structure_id"))
        self.par_siret, self.par_rna, self.par_fiche = {}, {}, {}
        connues = list(base.filter(source=source, source_cle__in=cles)) if source else []
        # The same source may have known it by name before it gave a SIRET: same-source identifiers count too.
        if source:
            deja = {structure.pk for structure in connues}
            connues += [s for s in base.filter(source=source, siret__in=cles) if s.pk not in deja]
            deja |= {structure.pk for structure in connues}
            connues += [s for s in base.filter(source=source, rna__in=cles) if s.pk not in deja]
        # A key of a structure that staff merged away leads to the one that stayed.
        anciennes_cles = dict(
            AncienneCle.objects.filter(source=source, cle__in=cles).values_list("cle", "structure_id")
        )
        absorbantes = {s.pk: s for s in base.filter(pk__in=anciennes_cles.values())} if anciennes_cles else {}
        self.par_cle = {cle: absorbantes[pk] for cle, pk in anciennes_cles.items()}
        for structure in connues:
            self.par_cle[structure.source_cle] = structure
            if structure.siret:
                self.par_siret.setdefault(structure.siret, structure)
            if structure.rna:
                self.par_rna.setdefault(structure.rna, structure)
        if fiches:
            for structure in base.filter(slug__in=fiches):
                self.par_fiche[structure.slug] = structure
            par_pk = {s.pk: s for s in base.filter(pk__in=anciennes.values())}
            self.par_fiche |= {slug: par_pk[pk] for slug, pk in anciennes.items() if pk in par_pk}
        self.supprimees = set(
            Structure.history.filter(history_type="-", source=source, source_cle__in=cles).values_list(
                "source_cle", flat=True
            )
        )

    def trouver(self, lue: LigneLue) -> Structure | None:
        if lue.fiche and (structure := self.par_fiche.get(lue.fiche)):
            return structure
        for cle in lue.cles:
            if structure := self.par_cle.get(cle) or self.par_siret.get(cle) or self.par_rna.get(cle):
                return structure
        return None
