"""The territory, the real list of 2014, the invented structures and the open accounts."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from annuaire.imports import communes, taxonomie
from annuaire.imports.moteur import importer
from annuaire.models import Structure
from pole_ess.socle.models import ReglagesPole

from . import registres, structures, vie

DATA = Path(settings.BASE_DIR) / "data"


def charger() -> list[str]:
    """Create what is missing; French lines that say what was done. Call it inside a transaction."""
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
    utilisateurs = vie.comptes()
    vie.raconter(faites, utilisateurs)
    enregistrees = registres.charger(utilisateurs["animateur@demo.example.org"])
    return [
        f"Liste de 2014 : {rapport.phrase()}",
        f"{len(faites)} structures d'exemple ajoutées",
        f"{enregistrees} structures enregistrées d'exemple ajoutées",
    ]
