from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from pole_ess.socle.sauvegarde import SauvegardeImpossible
from pole_ess.socle.sauvegarde.ecriture import sauvegarder


class Command(BaseCommand):
    help = "Sauvegarde la base et les fichiers dans une archive du dossier donné, vérifiée avant d'être annoncée."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("dossier", type=Path)
        parser.add_argument("--garder", type=int, metavar="N", help="Effacer ensuite les plus anciennes au-delà de N.")

    def handle(self, *args, dossier, garder=None, **options):
        if garder is not None and garder < 1:
            raise CommandError("--garder attend 1 au moins : la sauvegarde qui vient d'être faite.")
        try:
            chemin = sauvegarder(dossier.resolve(), garder=garder)
        except SauvegardeImpossible as erreur:
            raise CommandError(str(erreur)) from erreur
        self.stdout.write(f"Sauvegarde faite et vérifiée : {chemin} ({chemin.stat().st_size // 10**6} Mo).")
