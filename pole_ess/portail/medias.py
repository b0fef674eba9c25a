"""Public uploaded files (logos, photos) where no nginx serves them: the demonstration, a bucket that is not public."""

from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from django.views.static import was_modified_since

TYPES = {".webp": "image/webp", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
"""The only types served: what socle.images writes, and no other whatever the file holds."""
DES_COURRIELS = ("lettre/",)
"""Folders of pictures that webmails, which are other sites, show in our mails."""


@require_safe
def media(request, chemin):
    """One public picture, with a type of our own choosing, never sniffed, never run (RFC 9110, CSP sandbox)."""
    if not _est_public(chemin):
        raise Http404
    try:
        modifie = int(default_storage.get_modified_time(chemin).timestamp())
        if was_modified_since(request.headers.get("If-Modified-Since"), modifie):
            with default_storage.open(chemin) as fichier:
                reponse = HttpResponse(fichier.read(), content_type=TYPES[PurePosixPath(chemin).suffix.lower()])
        else:
            reponse = HttpResponseNotModified()
    except OSError as erreur:  # gone meanwhile; S3 away, which the log says
        raise Http404 from erreur
    reponse["Last-Modified"] = http_date(modifie)
    reponse["Cache-Control"] = "public, max-age=31536000, immutable"  # names are random: a new picture is a new name
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reponse["Cross-Origin-Resource-Policy"] = "cross-origin" if chemin.startswith(DES_COURRIELS) else "same-origin"
    return reponse


def _est_public(chemin: str) -> bool:
    """Whether this path names a picture of the public storage; another type, or elsewhere (through a link too), no."""
    if chemin.endswith("/") or PurePosixPath(chemin).suffix.lower() not in TYPES:
        return False
    try:
        if not default_storage.exists(chemin):
            return False
        fichier = Path(default_storage.path(chemin)).resolve()
    except NotImplementedError:  # not on this machine's disk: its name is its key, no link leads elsewhere
        return True
    except (SuspiciousOperation, ValueError, OSError):
        return False
    return Path(settings.MEDIA_ROOT).resolve() in fichier.parents and fichier.is_file()
