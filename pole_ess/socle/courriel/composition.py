"""From a template's name to a subject, a text and an HTML part."""

import re
from dataclasses import dataclass

import css_inline
import mrml
from django.conf import settings
from django.template import Context
from django.template.loader import get_template

from ..models import ReglagesPole
from .texte import INTERDITS

SUJET_MAX = 200
_OPTIONS = mrml.RenderOptions(fonts={})
"""No web font: mrml's default one would call a third-party host each time a mail is opened."""
_STYLES = css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)
"""Rules go into style attributes; @media (phones, dark scheme) stays in the head."""


@dataclass(frozen=True)
class Composition:
    """One mail, ready to be stored: every part is final."""

    sujet: str
    texte: str
    html: str


def composer(gabarit: str, contexte: dict | None = None) -> Composition:
    """Render emails/<gabarit>.sujet.txt, .txt and .mjml with `contexte`, `pole`, `portail_url` and `sujet`.

    `lien_reglages`, when `contexte` holds it, is the path where its reader chooses what they receive. Text parts are
    not escaped; the MJML part is. A pasted control character, which would stop the MJML parser, is dropped. Raises
    TemplateDoesNotExist when one of the three is missing.
    """
    tout = _tout(contexte)
    sujet = tout["sujet"] = _sujet(gabarit, tout)
    texte = _rendre(f"emails/{gabarit}.txt", tout, autoescape=False)
    texte = re.sub(r"\n{3,}", "\n\n", texte).strip() + "\n"
    return Composition(sujet=sujet, texte=texte, html=html_de_mjml(_rendre(f"emails/{gabarit}.mjml", tout)))


def composer_sujet(gabarit: str, contexte: dict | None = None) -> str:
    """The subject alone: what a mail is about, for a list that tells of it."""
    return _sujet(gabarit, _tout(contexte))


def _tout(contexte: dict | None) -> dict:
    commun = {"pole": ReglagesPole.actuels(), "portail_url": settings.PORTAIL_URL, "lien_reglages": ""}
    return {**commun, **(contexte or {})}


def _sujet(gabarit: str, tout: dict) -> str:
    return " ".join(_rendre(f"emails/{gabarit}.sujet.txt", tout, autoescape=False).split())[:SUJET_MAX]


def html_de_mjml(mjml: str) -> str:
    """HTML for mail readers: tables marked as presentation, no remote font, styles inlined."""
    return _STYLES.inline(mrml.to_html(mjml, render_options=_OPTIONS).content)


def _rendre(nom: str, contexte: dict, *, autoescape: bool = True) -> str:
    return INTERDITS.sub("", get_template(nom).template.render(Context(contexte, autoescape=autoescape)))
