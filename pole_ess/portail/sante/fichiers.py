"""Room for the files that people give, and the age of the last backup."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.utils import timezone

from .mots import octets

MO = 10**6
PANNE_OCTETS, ATTENTION_OCTETS = 200 * MO, 1000 * MO
"""Less than ten uploads of the largest size; a week of a busy hub."""
SAUVEGARDE_VIEILLE, SAUVEGARDE_PERDUE = timedelta(hours=30), timedelta(hours=54)
"""One night missed, two nights missed."""


def dossiers() -> list[Path]:
    """Where uploads lie on this machine; none when they lie elsewhere (S3)."""
    trouves = [storages[nom] for nom in ("default", "prive")]
    return [Path(s.location) for s in trouves if isinstance(s, FileSystemStorage)]


def _existant(dossier: Path) -> Path:
    return next(chemin for chemin in (dossier, *dossier.parents) if chemin.exists())


def place_libre() -> int | None:
    """Bytes left in the fullest of these folders; None without any."""
    return min((shutil.disk_usage(_existant(dossier)).free for dossier in dossiers()), default=None)


def place():
    if not dossiers():
        return None
    try:
        libre = place_libre() if all(os.access(_existant(d), os.W_OK) for d in dossiers()) else None
    except OSError:
        libre = None
    if libre is None:
        return (
            "panne",
            "Le portail n'a pas le droit d'écrire dans son dossier : aucune photo, aucun document ne peut être ajouté.",
            None,
            "Prévenez la personne qui tient le serveur : le propriétaire du dossier des fichiers est à rétablir.",
        )
    etat = "panne" if libre < PANNE_OCTETS else "attention" if libre < ATTENTION_OCTETS else "bon"
    if etat == "bon":
        return "bon", f"Il reste {octets(libre)}."
    return (
        etat,
        f"Il ne reste que {octets(libre)} : bientôt, plus aucune photo ni document ne pourra être ajouté.",
        None,
        "Prévenez la personne qui tient le serveur : un disque est à agrandir, ou d'anciennes sauvegardes à déplacer.",
    )


def sauvegarde():
    if not settings.SAUVEGARDES_DIR:
        return None
    remede = "Prévenez la personne qui tient le serveur : le journal de « pole-ess-sauvegarde » dit pourquoi."
    try:
        dates = [a.stat().st_mtime for a in Path(settings.SAUVEGARDES_DIR).glob("*.tar")]
    except OSError:
        dates = []
    if not dates:
        return "panne", "Aucune sauvegarde dans le dossier prévu.", None, remede
    derniere = datetime.fromtimestamp(max(dates), UTC)
    age = timezone.now() - derniere
    if age < SAUVEGARDE_VIEILLE:
        return "bon", f"La dernière est du {timezone.localtime(derniere):%d/%m/%Y à %H\u00a0h\u00a0%M}."
    etat = "panne" if age > SAUVEGARDE_PERDUE else "attention"
    return etat, "La sauvegarde de la nuit ne s'est pas faite.", derniere, remede
