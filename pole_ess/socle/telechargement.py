"""A file of public data made for one request: whole or not at all, and not sent again to who has it."""

import hashlib
import tempfile
import zipfile
from collections.abc import Iterable

from django.http import FileResponse, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

EN_MEMOIRE = 1024 * 1024
"""Bytes kept in memory; the rest of the file goes to the disk."""
HORODATE = "docProps/core.xml"
"""The member of an XLSX that holds the time of its writing."""


class _Fichier(tempfile.SpooledTemporaryFile):
    """Closed with its response, or when a response that nobody read is forgotten."""

    def __del__(self):
        self.close()


def reponse_de_donnees(request, morceaux: Iterable[bytes], *, type_mime: str, nom: str, modifie_le=None):
    """The file as a download with its length and its ETag, or a 304; for HEAD, the headers known without making it.

    Written aside first, in constant memory: an error in its middle is an error page, never half a file. The ETag is
    that of the content itself, so it changes with anything the file holds. `modifie_le` (the last edit of a row, or
    None) is said in Last-Modified, and does not decide of a 304: a row that left the file has no date to give.
    """
    if request.method == "HEAD":
        return _entetes(HttpResponse(content_type=type_mime), nom, modifie_le)
    fichier = _Fichier(max_size=EN_MEMOIRE)
    empreinte = hashlib.sha256()
    try:
        for morceau in morceaux:
            fichier.write(morceau)
            empreinte.update(morceau)
        etag = f'W/"{_empreinte_du_contenu(fichier) or empreinte.hexdigest()[:40]}"'
    except BaseException:
        fichier.close()
        raise
    if (inchange := get_conditional_response(request, etag=etag)) is not None:
        fichier.close()
        inchange["ETag"] = etag
        return inchange
    fichier.seek(0)
    reponse = FileResponse(fichier, content_type=type_mime)
    reponse["ETag"] = etag
    return _entetes(reponse, nom, modifie_le)


def _entetes(reponse, nom, modifie_le):
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    reponse["X-Robots-Tag"] = "noindex"
    if modifie_le is not None:
        reponse["Last-Modified"] = http_date(modifie_le.timestamp())
    return reponse


def _empreinte_du_contenu(fichier) -> str:
    """Of a ZIP (XLSX), what its members hold and not when it was written; empty for another file."""
    longueur = fichier.tell()
    fichier.seek(0)
    if fichier.read(4) != b"PK\x03\x04":
        fichier.seek(longueur)
        return ""
    with zipfile.ZipFile(fichier) as archive:
        membres = [(m.filename, m.CRC, m.file_size) for m in archive.infolist() if m.filename != HORODATE]
    fichier.seek(longueur)
    return hashlib.sha256(repr(sorted(membres)).encode()).hexdigest()[:40]
