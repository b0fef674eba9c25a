"""Folders: written by the portal, and the private one out of what is served."""

import os
from pathlib import Path

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.core.files.storage import FileSystemStorage, storages

QUOI = {"default": "public pictures", "prive": "private documents"}


@register(Tags.files)
def folders_are_ready(app_configs, **kwargs):
    """Storages elsewhere (S3) have no folder to look at."""
    messages = []
    dossiers = {nom: Path(s.location).resolve() for nom in QUOI if isinstance(s := storages[nom], FileSystemStorage)}
    media = Path(settings.MEDIA_ROOT).resolve()
    prive = dossiers.get("prive")
    if prive and (prive == media or media in prive.parents or prive in media.parents):
        messages.append(
            Error(
                f"The private documents ({prive}) and the public pictures ({media}) lie one in the other.",
                hint="nginx serves the whole of MEDIA_ROOT: put the private folder elsewhere.",
                id="pole_ess.E011",
            )
        )
    for nom, dossier in dossiers.items():
        existant = next(chemin for chemin in (dossier, *dossier.parents) if chemin.exists())
        if not os.access(existant, os.W_OK | os.X_OK):
            messages.append(
                Warning(
                    f"The folder of the {QUOI[nom]} ({dossier}) cannot be written: nobody can add any.",
                    hint="Give it to the portal's account, and name it in the unit's ReadWritePaths.",
                    id="pole_ess.W019",
                )
            )
    mesures = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if mesures and not os.access(mesures, os.W_OK | os.X_OK):
        messages.append(
            Error(
                f"PROMETHEUS_MULTIPROC_DIR ({mesures}) is not a folder that the portal can write: nothing starts.",
                hint="The unit's RuntimeDirectory makes it (deploy/pole-ess-web.service).",
                id="pole_ess.E012",
            )
        )
    return messages
