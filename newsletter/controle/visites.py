"""Does an address of the portal answer? Asked to the portal itself, in this process, as a visitor would."""

import io
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest


def interne(adresse: str) -> str:
    """The path and query of an address of the portal; empty for the others."""
    lu, ici = urlsplit(adresse), urlsplit(settings.PORTAIL_URL)
    if (lu.scheme, lu.netloc) != (ici.scheme, ici.netloc):
        return ""
    return (lu.path or "/") + (f"?{lu.query}" if lu.query else "")


def racine_des_medias() -> str:
    """The whole address under which public pictures are, on the portal or elsewhere."""
    return settings.MEDIA_URL if "://" in settings.MEDIA_URL else settings.PORTAIL_URL + settings.MEDIA_URL


def statut(chemin: str) -> int:
    """The status that a visitor gets. A GET of ours changes nothing, so asking is harmless."""
    ici = urlsplit(settings.PORTAIL_URL)
    chemin, _, requete = chemin.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": chemin,
        "QUERY_STRING": requete,
        "SERVER_NAME": ici.hostname or "",
        "SERVER_PORT": str(ici.port or (443 if ici.scheme == "https" else 80)),
        "HTTP_HOST": ici.netloc,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": ici.scheme,
        "wsgi.input": io.BytesIO(),
    }
    return _portail().get_response(WSGIRequest(environ)).status_code


@cache
def _portail() -> WSGIHandler:
    return WSGIHandler()
