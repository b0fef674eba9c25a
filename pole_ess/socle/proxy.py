"""Who is really asking, when a proxy stands in front."""

import ipaddress

from django.conf import settings


class AdresseClientMiddleware:
    """Put the client's address in REMOTE_ADDR when settings.PROXYS_DE_CONFIANCE proxies are known to stand in front.

    Each proxy appends the address it saw to X-Forwarded-For, so with n of them only the nth entry from the right
    was written by somebody we trust; everything to its left may be invented. With 0 (the default) the header is
    ignored. Rate limits and the mail ledger read REMOTE_ADDR and nothing else.

    The request's id (X-Request-ID, docs/decisions/0025) is believed from such a proxy only: django-guid, which reads
    it next, makes another one otherwise, so that nobody chooses what the logs will say.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        adresse = adresse_transmise(request.META.get("HTTP_X_FORWARDED_FOR", ""), settings.PROXYS_DE_CONFIANCE)
        if adresse:
            request.META["REMOTE_ADDR"] = adresse
        else:
            request.META.pop("HTTP_X_REQUEST_ID", None)
        return self.get_response(request)


def adresse_transmise(entete: str, proxys: int) -> str:
    """The entry of the header that the outermost trusted proxy wrote; empty when there is none or it is no address."""
    maillons = entete.split(",")
    if proxys < 1 or len(maillons) < proxys:
        return ""
    texte = maillons[-proxys].strip()
    if texte.startswith("["):  # [2001:db8::1]:443
        texte = texte[1:].partition("]")[0]
    elif texte.count(":") == 1:  # 192.0.2.1:443
        texte = texte.partition(":")[0]
    try:
        adresse = ipaddress.ip_address(texte)
    except ValueError:
        return ""
    return str(getattr(adresse, "ipv4_mapped", None) or adresse)
