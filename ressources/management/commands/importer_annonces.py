"""manage.py importer_annonces FICHIER [--simulation]: offers and needs of a list; `--help` gives the rest."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annuaire.imports.erreurs import FichierIllisible
from annuaire.imports.rapport import Statut
from annuaire.models import Structure
from ressources.actions.imports import importer


class Command(BaseCommand):
    help = "Importe des annonces d'un fichier CSV ou XLSX. La dernière ligne compte ce qui a été fait."

    def add_arguments(self, parser):
        parser.add_argument("fichier")
        parser.add_argument("--simulation", action="store_true", help="ne rien écrire, seulement le rapport")
        parser.add_argument("--tout-ou-rien", action="store_true", help="une ligne rejetée, et rien n'est écrit")
        parser.add_argument("--source", default="", help="nom durable de la liste (par défaut, le nom du fichier)")
        parser.add_argument("--structure", default="", help="celle de tout le fichier : fin de l'adresse de sa fiche")
        parser.add_argument("--a-valider", action="store_true", help="les nouvelles annonces attendent l'équipe")
        parser.add_argument("--sans-prevenir", action="store_true", help="n'écrire à aucune structure")

    def handle(
        self, *args, fichier, simulation, tout_ou_rien, source, structure, a_valider, sans_prevenir=False, **options
    ):
        chemin, celle_du_fichier = Path(fichier), None
        if structure and (celle_du_fichier := Structure.objects.publiees().filter(slug=structure).first()) is None:
            raise CommandError(f"Aucune structure publiée n'a l'adresse « {structure} ».")
        try:
            with chemin.open("rb") as ouvert:
                rapport = importer(
                    ouvert,
                    nom=chemin.name,
                    source=(source or chemin.stem)[:40],
                    simulation=simulation,
                    tout_ou_rien=tout_ou_rien,
                    publier=not a_valider,
                    structure=celle_du_fichier,
                    prevenir=not sans_prevenir,
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
