"""Imports by staff, whatever is imported: a file is deposited and previewed, then applied once; its report stays."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from .erreurs import FichierIllisible

JOURS = 30
"""A file that nobody applied is deleted after this."""


class ImportPerdu(Exception):
    """The file is no longer there: it was purged, or named a person who had their data erased. French message."""


@dataclass(frozen=True)
class Depots:
    """`modele`: the deposit's model, whose `lignes` hold the report; `importer`: reads a file and returns a Rapport;
    `objet`: name of the key from a line to what it made; `options`: fields of the deposit that `importer` takes."""

    modele: type
    importer: Callable
    objet: str
    options: tuple[str, ...] = ("tout_ou_rien", "publier")

    @transaction.atomic
    def deposer(self, fichier, *, par, source: str, **options):
        """Keep an uploaded file in the private storage, with its preview. Raises FichierIllisible: nothing is kept."""
        rapport = self.importer(fichier, nom=fichier.name, source=source, simulation=True, par=par, **options)
        depot = self.modele(nom=fichier.name[-200:], source=source, depose_par=par, **options)
        fichier.seek(0)
        depot.fichier.save("liste", fichier, save=False)
        try:
            depot.save()
            self._garder(depot, rapport)
        except BaseException:
            depot.fichier.storage.delete(depot.fichier.name)
            raise
        return depot

    @transaction.atomic
    def appliquer(self, depot, *, par) -> bool:
        """Import for good what was previewed; True when it is done now, False when it was already (double click).

        The lines are decided again: what changed since the preview counts. The file is deleted afterwards. Raises
        ImportPerdu when the file is gone.
        """
        depot = self.modele.objects.select_for_update(of=("self",)).get(pk=depot.pk)
        if depot.etat == "applique":
            return False
        options = {nom: getattr(depot, nom) for nom in self.options}
        try:
            if not depot.fichier:
                raise FileNotFoundError
            with depot.fichier.open("rb") as fichier:
                rapport = self.importer(fichier, nom=depot.nom, source=depot.source, par=par, **options)
        except FileNotFoundError as erreur:
            raise ImportPerdu("Ce fichier n'est plus gardé par le portail : déposez-le de nouveau.") from erreur
        except FichierIllisible as erreur:
            raise ImportPerdu(str(erreur)) from erreur
        if not rapport.retenu:
            depot.etat, depot.applique_le = "applique", timezone.now()
            _oublier_fichier(depot)
        depot.save()
        self._garder(depot, rapport)
        return not rapport.retenu

    def purger(self, *, jours: int = JOURS) -> int:
        """Delete the files deposited more than `jours` days ago and never applied; their number. Reports stay."""
        limite = timezone.now() - timedelta(days=jours)
        purges = 0
        for depot in self.modele.objects.filter(cree_le__lt=limite).exclude(fichier=""):
            with transaction.atomic():
                _oublier_fichier(depot)
                depot.save(update_fields=["fichier"])
            purges += 1
        return purges

    def _garder(self, depot, rapport) -> None:
        """The report, line by line, in place of the previous one."""
        depot.resume = {**rapport.comptes(), "avertissements": rapport.avertissements()}
        depot.save(update_fields=["resume"])
        depot.lignes.all().delete()
        modele, parent = depot.lignes.model, depot.lignes.field.name
        modele.objects.bulk_create(
            [
                modele(
                    **{parent: depot, self.objet: self._objet(ligne)},
                    numero=ligne.numero,
                    statut=ligne.statut,
                    nom=ligne.nom[:200],
                    raisons=ligne.raisons,
                )
                for ligne in rapport.lignes
            ],
            batch_size=2000,
        )

    def _objet(self, ligne):
        objet = getattr(ligne, self.objet)
        return objet if objet is not None and objet.pk else None


def _oublier_fichier(depot) -> None:
    stockage, nom = depot.fichier.storage, depot.fichier.name
    depot.fichier = ""
    transaction.on_commit(lambda: stockage.delete(nom))
