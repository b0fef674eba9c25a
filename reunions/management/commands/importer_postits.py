"""manage.py importer_postits ATELIER FICHIER [--simulation] [--source NOM]"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annuaire.imports.erreurs import FichierIllisible
from reunions.imports.postits import importer
from reunions.management.ateliers import trouver


class Command(BaseCommand):
    help = (
        "Importe les post-it écrits sur papier (colonnes axe, categorie, couleur, texte). Relancer ne double rien. "
        "La dernière ligne compte ce qui a été fait."
    )

    def add_arguments(self, parser):
        parser.add_argument("atelier", help="code de l'atelier, ou son numéro")
        parser.add_argument("fichier", help="fichier .csv ou .xlsx")
        parser.add_argument("--simulation", action="store_true", help="ne rien écrire, seulement le rapport")
        parser.add_argument(
            "--source", default="", help="nom d'une autre pile de papiers, quand deux piles disent les mêmes mots"
        )

    def handle(self, *args, atelier, fichier, simulation, source, **options):
        chemin = Path(fichier)
        trouve = trouver(atelier)
        try:
            with chemin.open("rb") as ouvert:
                rapport = importer(trouve, ouvert, nom=chemin.name, source=source, simulation=simulation)
        except OSError as erreur:
            raise CommandError(f"Le fichier {chemin} ne s'ouvre pas : {erreur.strerror}.") from erreur
        except FichierIllisible as erreur:
            raise CommandError(str(erreur)) from erreur
        if rapport.colonnes_ignorees:
            self.stdout.write(f"Colonnes non reconnues, ignorées : {', '.join(rapport.colonnes_ignorees[:40])}")
        if simulation:
            self.stdout.write("Simulation : rien n'a été écrit.")
        for numero, raison in rapport.rejets:
            self.stdout.write(f"ligne {numero}, rejetée : {raison}")
        if rapport.deja:
            numeros = ", ".join(map(str, rapport.deja[:20])) + ("…" if len(rapport.deja) > 20 else "")
            self.stdout.write(
                f"Déjà importés, laissés tels quels : lignes {numeros}. Si ce sont d'autres post-it qui disent les "
                "mêmes mots, relancez avec --source et un autre nom."
            )
        self.stdout.write(rapport.phrase())
