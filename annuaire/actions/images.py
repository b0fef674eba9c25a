"""The files of logos and photos that nothing shows any more."""

from datetime import timedelta

from django.utils import timezone

from annuaire.models import Modification, Photo, Structure

JOURS = 7
"""A younger file may belong to an act in progress, or to a backup about to be restored."""
SORTES = [(Structure, "logo"), (Photo, "fichier")]


def purger_orphelins(*, jours: int = JOURS) -> int:
    """Delete the files older than `jours` days that no sheet, photo or waiting Modification names; their number.

    A logo that a référent replaced stays until the edit is reviewed: staff may still put it back.
    """
    limite = timezone.now() - timedelta(days=jours)
    nommes = _nommes()
    purges = 0
    for modele, champ in SORTES:
        fichiers = modele._meta.get_field(champ)
        dossier, stockage = fichiers.upload_to, fichiers.storage
        if not stockage.exists(dossier):
            continue
        for nom in stockage.listdir(dossier)[1]:
            chemin = f"{dossier}{nom}"
            if chemin not in nommes and stockage.get_modified_time(chemin) < limite:
                stockage.delete(chemin)
                purges += 1
    return purges


def _nommes() -> set[str]:
    noms = set()
    for modele, champ in SORTES:
        noms.update(modele._base_manager.order_by().values_list(champ, flat=True))
    for modification in Modification.objects.filter(etat=Modification.Etat.A_RELIRE).only("avant", "apres"):
        noms.update(cote["logo"] for cote in (modification.avant, modification.apres) if cote.get("logo"))
    return noms
