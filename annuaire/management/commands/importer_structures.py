"""manage.py importer_structures FICHIER [--simulation] [--tout-ou-rien] [--source NOM] [--a-valider]"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annuaire.imports.erreurs import FichierIllisible
from annuaire.imports.moteur import importer
from annuaire.imports.rapport import Statut


class Command(BaseCommand):
    help = "Importe des structures d'un fichier CSV ou XLSX. La dernière ligne compte ce qui a été fait."

    def add_arguments(self, parser):
        parser.add_argument("fichier")
        parser.add_argument("--simulation", action="store_true", help="ne rien écrire, seulement le rapport")
        parser.add_argument("--tout-ou-rien", action="store_true", help="une ligne rejetée, et rien n'est écrit")
        parser.add_argument("--source", default="", help="nom durable de la liste (par défaut, le nom du fichier)")
        parser.add_argument("--a-valider", action="store_true", help="les nouvelles fiches attendent l'équipe")

    def handle(self, *args, fichier, simulation, tout_ou_rien, source, a_valider, **options):
        chemin = Path(fichier)
        try:
            with chemin.open("rb") as ouvert:
                rapport = importer(
                    ouvert,
                    nom=chemin.name,
                    source=(source or chemin.stem)[:40],
                    simulation=simulation,
                    tout_ou_rien=tout_ou_rien,
                    publier=not a_valider,
                )
        except OSError as erreur:
            raise CommandError(f"Le fichier {chemin} ne s'ouvre pas : {erreur.strerror}.") from erreur
        except FichierIllisible as erreur:
            raise CommandError(str(erreur)) from erreur
        for phrase in rapport.avertissements():
            self.stdout.write(phrase)
        if simulation:
            self.stdout.write("Simulation : rien n'a été écrit.")
        for ligne in rapport.lignes:
            if ligne.raisons:
                statut = Statut(ligne.statut).label
                self.stdout.write(f"ligne {ligne.numero}, {statut} : {ligne.nom} : {' ; '.join(ligne.raisons)}")
        self.stdout.write(rapport.phrase())
