from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from pole_ess.socle.sauvegarde import RestaurationImpossible
from pole_ess.socle.sauvegarde.restauration import migrations_a_faire, restaurer


class Command(BaseCommand):
    help = "Remet la base et les fichiers d'une archive de « sauvegarder », puis vérifie chaque ligne et fichier."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("archive", type=Path)
        parser.add_argument(
            "--ecraser", action="store_true", help="Remplacer ce qui est là : la base entière, et les deux dossiers."
        )

    def handle(self, *args, archive, ecraser=False, **options):
        try:
            manifeste = restaurer(archive.resolve(), ecraser=ecraser)
        except RestaurationImpossible as erreur:
            raise CommandError(str(erreur)) from erreur
        lignes, fichiers = sum(manifeste.lignes.values()), len(manifeste.fichiers) - 1
        self.stdout.write(
            f"Sauvegarde du {manifeste.faite_le} remise : {lignes} lignes et {fichiers} fichiers, tous vérifiés."
        )
        if migrations_a_faire(manifeste):
            self.stdout.write("Elle vient d'une version plus ancienne : faites maintenant manage.py migrate.")
