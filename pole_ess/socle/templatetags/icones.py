"""Icons drawn in the page, from the package of Bootstrap icons: no request, and they take the text's colour."""

import importlib.util
import re
from functools import lru_cache
from pathlib import Path

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

DESSINS = {
    "braille": "".join(f'<circle cx="{x}" cy="{y}" r="1.9"/>' for x in (5, 11) for y in (3, 8, 13)),
}
"""Drawn here: the package has none for it. A full braille cell, two columns of three dots."""


@lru_cache(maxsize=200)
def _dessin(nom: str) -> str:
    if nom in DESSINS:
        return DESSINS[nom]
    if not re.fullmatch(r"[a-z0-9-]+", nom):
        raise ValueError(f"no icon is named {nom!r}")
    dossier = Path(importlib.util.find_spec("js_lib_bootstrap_icons").origin).parent / "static"
    fichier = next(dossier.rglob(f"{nom}.svg"))
    corps = re.search(r"<svg[^>]*>(.*)</svg>", fichier.read_text(), re.DOTALL).group(1)
    return " ".join(corps.split())


@register.simple_tag
def icone(nom: str) -> SafeString:
    """{% icone "telephone" %}: decorative, hidden from screen readers; the word beside it says the same."""
    svg = '<svg class="icone" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true" focusable="false">'
    return mark_safe(f"{svg}{_dessin(nom)}</svg>")  # noqa: S308 - a file of an installed package
