"""What the steps of the demonstration share: keys that make each load once, instants, structures."""

import uuid
from datetime import datetime, time, timedelta
from pathlib import Path

from django.utils import timezone

from annuaire.models import Commune, Structure
from reunions.imports.postits import importer
from reunions.models import Atelier, Axe, Enonce, PointOrdreDuJour, Reunion

ESPACE = uuid.UUID("1b1c1f6e-6e0f-4c0f-9c39-3c6a0a7d2014")
DOSSIER = Path(__file__).parent
EXEMPLE = "demonstration"
"""Source of the invented structures."""


def cle(nom: str) -> uuid.UUID:
    return uuid.uuid5(ESPACE, nom)


def dans(jours: int, heure: int = 18, minute: int = 0) -> datetime:
    """An instant counted from today, Europe/Paris."""
    jour = timezone.localdate() + timedelta(days=jours)
    return timezone.make_aware(datetime.combine(jour, time(heure, minute)))


def inventees() -> dict[str, Structure]:
    """Key -> invented structure, those that are still there."""
    return {s.source_cle: s for s in Structure.objects.filter(source=EXEMPLE).select_related("commune")}


def commune(code: str) -> Commune | None:
    return Commune.objects.filter(pk=code).first()


def reunion(nom: str, **valeurs) -> Reunion | None:
    """The meeting, or None when it was made by an earlier load."""
    if Reunion.objects.filter(cle=cle(nom)).exists():
        return None
    return Reunion.objects.create(cle=cle(nom), **valeurs)


def points(la_reunion, titres) -> None:
    PointOrdreDuJour.objects.bulk_create(
        PointOrdreDuJour(reunion=la_reunion, ordre=ordre, titre=titre, details=details, duree_minutes=duree)
        for ordre, (titre, details, duree) in enumerate(titres)
    )


def enonces(la_reunion, theme, textes, *, issue="a_discuter", remarques=None) -> None:
    """`remarques`: text -> what was said of it."""
    depart = la_reunion.enonces.count()
    Enonce.objects.bulk_create(
        Enonce(
            reunion=la_reunion,
            theme=theme,
            ordre=depart + rang,
            texte=texte,
            issue=issue,
            remarques=(remarques or {}).get(texte, ""),
        )
        for rang, texte in enumerate(textes)
    )


def atelier(la_reunion, *, axes, **valeurs) -> Atelier:
    """A workshop with its boards; `axes`: (name, description)."""
    fait = Atelier.objects.create(reunion=la_reunion, **valeurs)
    Axe.objects.bulk_create(
        Axe(atelier=fait, ordre=ordre, nom=nom, description=description)
        for ordre, (nom, description) in enumerate(axes)
    )
    return fait


def coller(un_atelier, fichier: str, *, le: datetime) -> None:
    """Import the notes of a file as anybody would, dated of the meeting, then close the workshop."""
    with (DOSSIER / fichier).open("rb") as ouvert:
        rapport = importer(un_atelier, ouvert, nom=fichier)
    if rapport.rejets:
        raise ValueError(f"{fichier}: {rapport.rejets}")
    for axe in un_atelier.axes.all():
        axe.postits.update(cree_le=le)
    Atelier.objects.filter(pk=un_atelier.pk).update(
        phase=Atelier.Phase.CLOS, phase_depuis=le + timedelta(hours=1), clos_le=le + timedelta(hours=1)
    )
