"""manage.py importer_registre FICHIER --registre rna|sirene [--unites FICHIER] [--simulation]"""

import io
import zipfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annuaire.imports.erreurs import FichierIllisible
from annuaire.models import Registre
from annuaire.registres.moteur import importer
from annuaire.registres.rapport import Statut

DETAIL_MAX = 200
"""Lines told one by one in the terminal."""


class Command(BaseCommand):
    help = (
        "Importe un registre public (RNA, SIRENE), quelle que soit sa taille : seules les structures du territoire "
        "sont gardées. Un .zip se donne tel quel. La dernière ligne compte ce qui a été fait."
    )

    def add_arguments(self, parser):
        parser.add_argument("fichier", help="CSV, ou .zip qui en contient un ou plusieurs")
        parser.add_argument("--registre", required=True, choices=Registre.values)
        parser.add_argument("--unites", help="SIRENE : le stock des unités légales, quand FICHIER est celui des autres")
        parser.add_argument("--simulation", action="store_true", help="ne rien écrire, seulement le rapport")

    def handle(self, *args, fichier, registre, unites, simulation, **options):
        try:
            for nom, ouvrir in _csv(Path(fichier)):
                self._importer(nom, ouvrir, registre=registre, unites=unites, simulation=simulation)
        except OSError as erreur:
            raise CommandError(f"Le fichier ne s'ouvre pas : {erreur.strerror or erreur}.") from erreur
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as erreur:
            raise CommandError("Cette archive est abîmée, ou protégée par un mot de passe.") from erreur
        except FichierIllisible as erreur:
            raise CommandError(str(erreur)) from erreur

    def _importer(self, nom, ouvrir, *, registre, unites, simulation):
        with ExitStack() as pile:
            ouvert = pile.enter_context(ouvrir())
            autres = pile.enter_context(_csv(Path(unites))[0][1]()) if unites else None
            rapport = importer(ouvert, nom=nom, source=registre, unites=autres, simulation=simulation)
        self.stdout.write(nom)
        for phrase in rapport.avertissements():
            self.stdout.write(phrase)
        if simulation:
            self.stdout.write("Simulation : rien n'a été écrit.")
        for ligne in [ligne for ligne in rapport.lignes if ligne.raisons][:DETAIL_MAX]:
            self.stdout.write(
                f"ligne {ligne.numero}, {Statut(ligne.statut).label} : {ligne.nom} : {' ; '.join(ligne.raisons)}"
            )
        self.stdout.write(rapport.phrase())


def _csv(chemin: Path) -> list:
    """(name, function that opens) of the CSV that `chemin` is, or of each one in its archive, in order."""
    if not zipfile.is_zipfile(chemin):
        return [(chemin.name, lambda: chemin.open("rb"))]
    with zipfile.ZipFile(chemin) as archive:
        noms = sorted(nom for nom in archive.namelist() if nom.lower().endswith(".csv"))
    if not noms:
        raise FichierIllisible("Cette archive ne contient aucun fichier .csv.")
    return [(nom, lambda nom=nom: _membre(chemin, nom)) for nom in noms]


@contextmanager
def _membre(chemin: Path, nom: str):
    """One file of an archive, inflated as it is read."""
    with zipfile.ZipFile(chemin) as archive, archive.open(nom) as brut, io.BufferedReader(brut, 1024 * 1024) as ouvert:
        yield ouvert
