"""Imports by staff: a file is deposited and previewed, then applied once; its report stays, the file does not."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from annuaire.imports.erreurs import FichierIllisible
from annuaire.imports.moteur import importer
from annuaire.models import ImportStructures, LigneImport

Etat = ImportStructures.Etat
JOURS = 30
"""A file that nobody applied is deleted after this."""


class ImportPerdu(Exception):
    """The file is no longer there: it was purged, or named a person who had their data erased. French message."""


@transaction.atomic
def deposer(fichier, *, par, source: str, tout_ou_rien: bool = False, publier: bool = True) -> ImportStructures:
    """Keep an uploaded file in the private storage, with its preview. Raises FichierIllisible: nothing is kept."""
    options = {"tout_ou_rien": tout_ou_rien, "publier": publier}
    rapport = importer(fichier, nom=fichier.name, source=source, simulation=True, par=par, **options)
    depot = ImportStructures(nom=fichier.name[-200:], source=source, depose_par=par, **options)
    fichier.seek(0)
    depot.fichier.save("liste", fichier, save=False)
    try:
        depot.save()
        _garder(depot, rapport)
    except BaseException:
        depot.fichier.storage.delete(depot.fichier.name)
        raise
    return depot


@transaction.atomic
def appliquer(depot: ImportStructures, *, par) -> bool:
    """Import for good what was previewed; True when it is done now, False when it was already (double click).

    The lines are decided again: what changed since the preview counts. The file is deleted afterwards. Raises
    ImportPerdu when the file is gone.
    """
    depot = ImportStructures.objects.select_for_update(of=("self",)).get(pk=depot.pk)
    if depot.etat == Etat.APPLIQUE:
        return False
    try:
        if not depot.fichier:
            raise FileNotFoundError
        with depot.fichier.open("rb") as fichier:
            rapport = importer(
                fichier,
                nom=depot.nom,
                source=depot.source,
                tout_ou_rien=depot.tout_ou_rien,
                publier=depot.publier,
                par=par,
            )
    except FileNotFoundError as erreur:
        raise ImportPerdu("Ce fichier n'est plus gardé par le portail : déposez-le de nouveau.") from erreur
    except FichierIllisible as erreur:
        raise ImportPerdu(str(erreur)) from erreur
    if not rapport.retenu:
        depot.etat, depot.applique_le = Etat.APPLIQUE, timezone.now()
        _oublier_fichier(depot)
    depot.save()
    _garder(depot, rapport)
    return not rapport.retenu


def purger(*, jours: int = JOURS) -> int:
    """Delete the files deposited more than `jours` days ago and never applied; their number. Reports stay."""
    limite = timezone.now() - timedelta(days=jours)
    purges = 0
    for depot in ImportStructures.objects.filter(cree_le__lt=limite).exclude(fichier=""):
        with transaction.atomic():
            _oublier_fichier(depot)
            depot.save(update_fields=["fichier"])
        purges += 1
    return purges


def _oublier_fichier(depot) -> None:
    stockage, nom = depot.fichier.storage, depot.fichier.name
    depot.fichier = ""
    transaction.on_commit(lambda: stockage.delete(nom))


def _garder(depot, rapport) -> None:
    """The report, line by line, in place of the previous one."""
    depot.resume = {**rapport.comptes(), "avertissements": rapport.avertissements()}
    depot.save(update_fields=["resume"])
    depot.lignes.all().delete()
    LigneImport.objects.bulk_create(
        [
            LigneImport(
                import_structures=depot,
                numero=ligne.numero,
                statut=ligne.statut,
                nom=ligne.nom[:200],
                raisons=ligne.raisons,
                structure=ligne.structure if ligne.structure and ligne.structure.pk else None,
            )
            for ligne in rapport.lignes
        ],
        batch_size=2000,
    )
