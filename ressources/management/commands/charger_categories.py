"""manage.py charger_categories: the first categories of announcements of a hub."""

from django.core.management.base import BaseCommand

from ressources import categories


class Command(BaseCommand):
    help = "Crée les catégories d'annonces de départ qui manquent ; ce que l'équipe a modifié reste."

    def handle(self, *args, **options):
        self.stdout.write(f"{categories.charger()} créées")
