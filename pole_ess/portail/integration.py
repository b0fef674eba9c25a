"""Lists and a map of the portal in other sites' pages: which sites may, and the code to paste."""

import re

from django.conf import settings
from django.utils.html import format_html

PARTOUT = "*"
ORIGINE = re.compile(
    r"https?://(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d{1,5})?", re.IGNORECASE
)
"""A source of CSP's frame-ancestors: a scheme, a host (« *. » at its start stands for any below), maybe a port."""


def mal_ecrits() -> list[str]:
    """The entries of INTEGRATION_SITES that are no origin: never sent to a browser (pole_ess.checks says them)."""
    return [site for site in settings.INTEGRATION_SITES if site != PARTOUT and not ORIGINE.fullmatch(site)]


def sites() -> list[str]:
    """The sites that may show our lists, or « * » alone for all of them."""
    bons = [site for site in settings.INTEGRATION_SITES if site == PARTOUT or ORIGINE.fullmatch(site)]
    return [PARTOUT] if PARTOUT in bons else bons


def ancetres() -> list[str]:
    """The sources of frame-ancestors: the portal itself, for the preview, and those sites."""
    permis = sites()
    return permis if permis == [PARTOUT] else ["'self'", *permis]


def code(adresse: str, *, titre: str, hauteur: int) -> str:
    """The element to paste; `titre` is what screen readers say of the frame, `hauteur` is in pixels."""
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"></iframe>', adresse, titre, hauteur
    )
