"""The first categories of announcements, from data/: created when absent, never changed afterwards."""

import csv
from pathlib import Path

from django.conf import settings
from django.db import transaction

from ressources.models import Categorie

FICHIER = Path(settings.BASE_DIR) / "data" / "categories_annonces.csv"


@transaction.atomic
def charger() -> int:
    """Create the categories whose slug is unknown; the number of rows made."""
    connues = set(Categorie.objects.values_list("slug", flat=True))
    with FICHIER.open(encoding="utf-8", newline="") as fichier:
        nouvelles = [
            Categorie(ordre=ordre, **ligne)
            for ordre, ligne in enumerate(csv.DictReader(fichier))
            if ligne["slug"] not in connues
        ]
    return len(Categorie.objects.bulk_create(nouvelles))
