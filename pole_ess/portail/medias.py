"""Public uploaded files (logos, photos) where no nginx serves them: the demonstration and development."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.utils._os import safe_join
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
    fichier = _public(chemin)
    if fichier is None:
        raise Http404
    modifie = fichier.stat().st_mtime
    if was_modified_since(request.headers.get("If-Modified-Since"), modifie):
        reponse = HttpResponse(fichier.read_bytes(), content_type=TYPES[fichier.suffix.lower()])
    else:
        reponse = HttpResponseNotModified()
    reponse["Last-Modified"] = http_date(modifie)
    reponse["Cache-Control"] = "public, max-age=31536000, immutable"  # names are random: a new picture is a new name
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reponse["Cross-Origin-Resource-Policy"] = "cross-origin" if chemin.startswith(DES_COURRIELS) else "same-origin"
    return reponse


def _public(chemin: str) -> Path | None:
    """The picture at this path, None when it is another type, elsewhere (through a link too) or not there."""
    try:
        fichier = Path(safe_join(settings.MEDIA_ROOT, chemin))
        dedans = Path(settings.MEDIA_ROOT).resolve() in fichier.resolve().parents
        lisible = not chemin.endswith("/") and fichier.suffix.lower() in TYPES and fichier.is_file()
    except (SuspiciousFileOperation, ValueError, OSError):
        return None
    return fichier if dedans and lisible else None
