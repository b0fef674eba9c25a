"""The meeting of 30 January 2014 at the Atrium, in Vichy, as its minutes tell it.

Where the counts that the paper prints disagree with its own list of notes (three categories, and the sixth board's
total), the list counts.
"""

import csv
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from annuaire.models import Structure
from reunions.models import AnimateurReunion, Document, Participation, Priorite, Representation, TourDeTable

from . import communs, textes_2014

NOM = "2014-01-30"
DEBUT = timezone.make_aware(datetime(2014, 1, 30, 18))
LISTE = "liste-2014"
"""Source of the real structures."""


def charger() -> int:
    reunion = communs.reunion(
        NOM,
        titre="Réunion collective 2 : hiérarchisation des axes de travail",
        objectif=textes_2014.OBJECTIF,
        debut=DEBUT,
        fin=DEBUT + timedelta(hours=2, minutes=30),
        lieu="L'Atrium",
        commune=communs.commune("03310"),
        etat="tenue",
        annoncee_le=DEBUT - timedelta(days=30),
        close_le=DEBUT + timedelta(hours=2, minutes=30),
    )
    if reunion is None:
        return 0
    AnimateurReunion.objects.bulk_create(
        AnimateurReunion(reunion=reunion, ordre=ordre, organisation=organisation, fonction=fonction)
        for ordre, (organisation, fonction) in enumerate(textes_2014.ANIMATEURS)
    )
    communs.points(reunion, textes_2014.ORDRE_DU_JOUR)
    communs.enonces(
        reunion, "environnement", textes_2014.ENVIRONNEMENT, issue="valide", remarques=textes_2014.REMARQUES
    )
    communs.enonces(reunion, "difficulte", textes_2014.DIFFICULTES, issue="valide")
    presences = _presences(reunion)
    _tour_de_table(reunion, presences)
    _document(reunion)
    atelier = communs.atelier(reunion, axes=textes_2014.AXES, code="PVAJAN", phase="regroupement", phase_depuis=DEBUT)
    communs.coller(atelier, "postits-2014.csv", le=DEBUT + timedelta(hours=1, minutes=15))
    return 1


def _presences(reunion) -> dict[int, Participation]:
    """Line of data/presences-2014.csv -> participation: 28 present, 20 excused."""
    structures = {s.source_cle: s for s in Structure.objects.filter(source=LISTE)}
    faites = {}
    with (Path(settings.BASE_DIR) / "data" / "presences-2014.csv").open(encoding="utf-8", newline="") as fichier:
        for ligne in csv.DictReader(fichier, delimiter=";"):
            numero, presente = int(ligne["ligne"]), ligne["presence"] == "présente"
            faites[numero] = Participation.objects.create(
                reunion=reunion,
                ordre=numero,
                libelle=ligne["libelle"],
                fonction=textes_2014.FONCTIONS[numero - 1] if presente else "",
                origine="saisie",
                reponse="present" if presente else "excuse",
                presence="present" if presente else "excuse",
                accueillie_le=DEBUT if presente else None,
            )
            slugs = filter(None, (slug.strip() for slug in ligne["structures"].split("|")))
            Representation.objects.bulk_create(
                Representation(participation=faites[numero], structure=structures[slug])
                for slug in slugs
                if slug in structures
            )
    return faites


def _tour_de_table(reunion, presences):
    for ordre, (lignes, priorites) in enumerate(textes_2014.TOUR_DE_TABLE):
        qui = [presences[numero] for numero in lignes]
        tour = TourDeTable.objects.create(reunion=reunion, ordre=ordre, libelle=" et ".join(p.libelle for p in qui))
        tour.participations.set(qui)
        Priorite.objects.bulk_create(
            Priorite(tour=tour, ordre=rang, texte=texte) for rang, texte in enumerate(priorites)
        )


def _document(reunion):
    octets = textes_2014.SUPPORT.encode()
    Document.objects.create(
        reunion=reunion,
        fichier=ContentFile(octets, name="support.txt"),
        nom="support-de-la-reunion.txt",
        titre="Support projeté pendant la réunion (résumé)",
        type_mime="text/plain",
        taille=len(octets),
        audience="public",
    )
