"""manage.py charger_demonstration: the territory, the list of 2014, and each app's invented content."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

import newsletter.demonstration
import ressources.demonstration
import reunions.demonstration
from annuaire.demonstration.charger import charger as charger_annuaire
from annuaire.demonstration.comptes import COMPTES


class Command(BaseCommand):
    help = "Charge la démonstration ; une seconde fois, n'ajoute que ce qui manque. Refuse en production."

    @transaction.atomic
    def handle(self, *args, verbosity=1, **options):
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError(
                "La démonstration ouvre des comptes dont le mot de passe est public : elle ne se charge pas ici."
            )
        faits = [
            *charger_annuaire(),
            f"{ressources.demonstration.charger()} annonces d'exemple ajoutées",
            f"{reunions.demonstration.charger()} rencontres ajoutées",
            f"{newsletter.demonstration.charger()} lettres ajoutées",
        ]
        if verbosity:
            for fait in faits:
                self.stdout.write(fait)
            for role, adresse, mot_de_passe in COMPTES:
                self.stdout.write(f"{role} : {adresse} / {mot_de_passe}")
