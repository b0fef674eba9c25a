"""Public uploaded files (logos, photos) where no nginx serves them: the demonstration and development."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpResponseNotModified
from django.utils._os import safe_join
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from django.views.static import was_modified_since

TYPES = {".webp": "image/webp", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
"""The only types served: what socle.images writes, and no other whatever the file holds."""


@require_safe
def media(request, chemin):
    """One public picture, with a type of our own choosing, never sniffed, never run (RFC 9110, CSP sandbox)."""
    try:
        fichier = Path(safe_join(settings.MEDIA_ROOT, chemin))
    except (SuspiciousFileOperation, ValueError) as erreur:
        raise Http404 from erreur
    genre = TYPES.get(fichier.suffix.lower())
    racine = Path(settings.MEDIA_ROOT).resolve()
    if genre is None or not fichier.is_file() or racine not in fichier.resolve().parents:
        raise Http404
    modifie = fichier.stat().st_mtime
    if was_modified_since(request.headers.get("If-Modified-Since"), modifie):
        reponse = FileResponse(fichier.open("rb"), content_type=genre)
    else:
        reponse = HttpResponseNotModified()
    reponse["Last-Modified"] = http_date(modifie)
    reponse["Cache-Control"] = "public, max-age=31536000, immutable"  # names are random: a new picture is a new name
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reponse["Cross-Origin-Resource-Policy"] = "same-origin"
    return reponse
