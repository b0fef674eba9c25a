"""Which machine may read the measures and the details."""

import ipaddress

from django.conf import settings
from django.utils.crypto import constant_time_compare


def permise(request) -> bool:
    """By the token of SURVEILLANCE_JETON, or from SURVEILLANCE_ADRESSES; nobody when neither is set."""
    genre, _, donne = request.headers.get("Authorization", "").partition(" ")
    attendu = settings.SURVEILLANCE_JETON
    if attendu and genre.lower() == "bearer" and constant_time_compare(donne.strip(), attendu):
        return True
    try:
        adresse = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(adresse in ipaddress.ip_network(reseau, strict=False) for reseau in settings.SURVEILLANCE_ADRESSES)
