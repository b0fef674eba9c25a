"""manage.py exporter_structures [--format csv] [--sortie FICHIER] [--complet]"""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annuaire import exports
from annuaire.models import Structure


class Command(BaseCommand):
    help = "Exporte l'annuaire publié ; avec --complet, toutes les fiches et les coordonnées non publiques."

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=list(exports.FORMATS), default="csv")
        parser.add_argument("--sortie", help="fichier à écrire (par défaut, la sortie standard)")
        parser.add_argument("--complet", action="store_true", help="toutes les fiches, pour l'équipe seulement")

    def handle(self, *args, format, sortie, complet, **options):
        structures = Structure.objects.all() if complet else Structure.objects.publiees()
        morceaux = exports.octets(format, structures.order_by("tri", "pk"), complet=complet)
        if not sortie:
            for morceau in morceaux:
                sys.stdout.buffer.write(morceau)
            return
        try:
            with Path(sortie).open("wb") as fichier:
                for morceau in morceaux:
                    fichier.write(morceau)
        except OSError as erreur:
            raise CommandError(f"Le fichier {sortie} ne s'écrit pas : {erreur.strerror}.") from erreur
