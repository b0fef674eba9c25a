"""The files that nothing shows any more: logos, photos, what outer apps register."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.storage import Storage, storages
from django.utils import timezone

from annuaire.models import Modification, Photo, Structure
from pole_ess.socle.models import ReglagesPole

JOURS = 7
"""A younger file may belong to an act in progress, or to a backup about to be restored."""


@dataclass(frozen=True)
class Sorte:
    """Files of one folder: `noms()` gives those that something names. `stockage`: an alias of settings.STORAGES."""

    dossier: str
    noms: Callable
    stockage: str = "default"


def champ(modele, nom) -> Callable:
    """What this file field of this model names."""
    return lambda: modele._base_manager.order_by().values_list(nom, flat=True).iterator()


def _logos_a_relire():
    """A logo that a référent replaced stays until the edit is reviewed: staff may still put it back."""
    for modification in Modification.objects.filter(etat=Modification.Etat.A_RELIRE).only("avant", "apres"):
        yield from (cote["logo"] for cote in (modification.avant, modification.apres) if cote.get("logo"))


SORTES = [
    Sorte("pole/", champ(ReglagesPole, "logo")),
    Sorte("logos/", champ(Structure, "logo")),
    Sorte("logos/", _logos_a_relire),
    Sorte("photos/", champ(Photo, "fichier")),
]


def enregistrer(*sortes: Sorte) -> None:
    """Outer apps add their folders in AppConfig.ready; two sorts may share one."""
    SORTES.extend(sorte for sorte in sortes if sorte not in SORTES)


def purger_orphelins(*, jours: int = JOURS) -> int:
    """Delete the files older than `jours` days that nothing names any more; their number."""
    limite = timezone.now() - timedelta(days=jours)
    par_dossier = {}
    for sorte in SORTES:
        par_dossier.setdefault((sorte.stockage, sorte.dossier), []).append(sorte)
    return sum(
        _purger(storages[stockage], dossier, {nom for sorte in sortes for nom in sorte.noms()}, limite)
        for (stockage, dossier), sortes in par_dossier.items()
    )


def _purger(stockage: Storage, dossier: str, nommes: set[str], limite) -> int:
    try:
        noms = stockage.listdir(dossier)[1]
    except FileNotFoundError:  # on S3 folders do not exist: an empty list
        return 0
    purges = 0
    for nom in noms:
        chemin = f"{dossier}{nom}"
        if chemin not in nommes and stockage.get_modified_time(chemin) < limite:
            stockage.delete(chemin)
            purges += 1
    return purges
