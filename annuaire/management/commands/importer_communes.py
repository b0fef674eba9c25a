"""manage.py importer_communes FICHIER | --api"""

import time

from django.core.management.base import BaseCommand, CommandError

from annuaire.imports import communes
from annuaire.imports.erreurs import FichierIllisible


class Command(BaseCommand):
    help = "Charge les communes de France depuis l'API publique, son fichier JSON, ou un CSV du projet."

    def add_arguments(self, parser):
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("fichier", nargs="?", help="fichier JSON de l'API, ou CSV du projet")
        source.add_argument("--api", action="store_true", help="interroger l'API (réglage COMMUNES_API_URL)")

    def handle(self, *args, fichier=None, api=False, **options):
        debut = time.monotonic()
        try:
            lues = communes.lire_api() if api else communes.lire_fichier(fichier)
        except FichierIllisible as erreur:
            raise CommandError(str(erreur)) from erreur
        comptes = communes.charger(lues)
        self.stdout.write(
            f"{comptes['creees']} créées, {comptes['mises_a_jour']} mises à jour, {comptes['inchangees']} inchangées "
            f"({time.monotonic() - debut:.1f} s)"
        )
