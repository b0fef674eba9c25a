"""The first activities, skills and labels of a hub, from data/: created when absent, never changed afterwards.

A staff member who renames or moves one keeps their version: the slug, which stays, says that it is known.
"""

import csv
from pathlib import Path

from django.conf import settings
from django.db import transaction

from annuaire.models import Activite, Competence, Label

DOSSIER = Path(settings.BASE_DIR) / "data"


def _lignes(nom: str) -> list[dict]:
    with (DOSSIER / nom).open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier))


@transaction.atomic
def charger() -> int:
    """Create what is missing; the number of rows made."""
    faites = 0
    connues = {activite.slug: activite for activite in Activite.objects.all()}
    for ordre, ligne in enumerate(_lignes("activites.csv")):
        if ligne["slug"] not in connues:
            connues[ligne["slug"]] = Activite.objects.create(
                slug=ligne["slug"],
                nom=ligne["nom"],
                parent=connues.get(ligne["parent"]),
                ordre=ordre,
                en_avant=ligne["en_avant"] == "oui",
            )
            faites += 1
    for modele, nom in ((Competence, "competences.csv"), (Label, "labels.csv")):
        pris = set(modele.objects.values_list("slug", flat=True)) | set(modele.objects.values_list("nom", flat=True))
        for ligne in _lignes(nom):
            if ligne["slug"] not in pris and ligne["nom"] not in pris:
                modele.objects.create(**ligne)
                faites += 1
    return faites
