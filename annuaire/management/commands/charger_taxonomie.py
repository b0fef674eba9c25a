"""manage.py charger_taxonomie: the first activities, skills and labels of a hub."""

from django.core.management.base import BaseCommand

from annuaire.imports import taxonomie


class Command(BaseCommand):
    help = "Crée les activités, compétences et labels de départ qui manquent ; ce que l'équipe a modifié reste."

    def handle(self, *args, **options):
        self.stdout.write(f"{taxonomie.charger()} créés")
