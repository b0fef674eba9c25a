"""manage.py exporter_atelier ATELIER: its results as JSON on the standard output."""

import json

from django.core.management.base import BaseCommand

from reunions.management.ateliers import trouver
from reunions.resultats import calculer
from reunions.resultats.export import en_donnees


class Command(BaseCommand):
    help = "Écrit en JSON les résultats d'un atelier : par axe, post-it roses et jaunes, part, rang, classe."

    def add_arguments(self, parser):
        parser.add_argument("atelier", help="code de l'atelier, ou son numéro")

    def handle(self, *args, atelier, **options):
        donnees = en_donnees(calculer(trouver(atelier)))
        self.stdout.write(json.dumps(donnees, ensure_ascii=False, indent=2))
