"""manage.py charger_demonstration: the territory, the real list of 2014, invented structures and open accounts."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from annuaire.demonstration import structures, vie
from annuaire.demonstration.comptes import COMPTES
from annuaire.imports import communes, taxonomie
from annuaire.imports.moteur import importer
from annuaire.models import Structure
from pole_ess.socle.models import ReglagesPole

DATA = Path(settings.BASE_DIR) / "data"


class Command(BaseCommand):
    help = "Charge la démonstration ; une seconde fois, n'ajoute que ce qui manque. Refuse en production."

    @transaction.atomic
    def handle(self, *args, verbosity=1, **options):
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError(
                "La démonstration ouvre des comptes dont le mot de passe est public : elle ne se charge pas ici."
            )
        territoire = communes.lire_fichier(DATA / "communes-territoire.csv")
        communes.charger(territoire)
        reglages = ReglagesPole.actuels()
        if not reglages.territoire:
            reglages.territoire = [commune.code for commune in territoire]
            reglages.save()
        taxonomie.charger()
        with (DATA / "structures-2014.csv").open("rb") as liste:
            rapport = importer(liste, nom="structures-2014.csv", source="liste-2014")
        # The list is the portal's beginning: what is new on the home page came after it.
        Structure.objects.filter(source="liste-2014", publiee_le__gt=timezone.now() - timedelta(minutes=5)).update(
            publiee_le=timezone.now() - timedelta(days=300)
        )
        faites = structures.charger()
        vie.raconter(faites, vie.comptes())
        if verbosity:
            self.stdout.write(f"Liste de 2014 : {rapport.phrase()}")
            self.stdout.write(f"{len(faites)} structures d'exemple ajoutées")
            for role, adresse, mot_de_passe in COMPTES:
                self.stdout.write(f"{role} : {adresse} / {mot_de_passe}")
