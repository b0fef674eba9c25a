"""What a person wrote in a reply: without what they quote, nor the addresses that the relay must not show."""

import html
import re
from html.parser import HTMLParser

from ..masques import ADRESSE

TEXTE_MAX = 20_000
ADRESSE_RETIREE = "[adresse retirée]"

INTERDITS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What neither XML 1.0 nor PostgreSQL's text takes: NUL, other controls, lone surrogates."""

_ORIGINE = re.compile(
    r"^[ \t]*(?:-{3,}[ \t]*(?:message d.origine|message transféré|original message|forwarded message)\b.*"
    r"|(?:De|From)[ \t\u00a0]*:.*\n(?:.*\n){0,2}[ \t]*(?:Envoyé|Date|Sent|À|To)[ \t\u00a0]*:.*)",
    re.IGNORECASE | re.MULTILINE,
)
"""Outlook's headers of the quoted mail: everything after them is quoted."""
_ATTRIBUTION = re.compile(
    r"^(?:Le|On)\b[^\n]*(?:\n[^\n>]*){0,2}?(?:a écrit|a ecrit|wrote)[ \t\u00a0]*:[ \t]*\n?", re.MULTILINE
)
_BLOCS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "pre", "table", "ul", "ol"}
_TUS = {"script", "style", "head", "title", "blockquote"}


def depouiller(texte: str) -> str:
    """The sender's own words: quoted lines and their announcements go, every e-mail address is masked.

    Addresses are masked everywhere, signatures included: in a relay the two sides choose when to show theirs.
    """
    texte = INTERDITS.sub("", texte.replace("\r\n", "\n").replace("\r", "\n"))[: 4 * TEXTE_MAX]
    if origine := _ORIGINE.search(texte):
        texte = texte[: origine.start()]
    texte = _ATTRIBUTION.sub("", texte)
    lignes = [ligne.rstrip() for ligne in texte.split("\n") if not ligne.lstrip().startswith(">")]
    texte = re.sub(r"\n{3,}", "\n\n", "\n".join(lignes)).strip()
    return masquer(texte)[:TEXTE_MAX]


def masquer(texte: str) -> str:
    """Without any e-mail address: what is kept longer than the person may be (errors, reports)."""
    return ADRESSE.sub(ADRESSE_RETIREE, texte)


def texte_de_html(source: str) -> str:
    """A plain reading of an HTML-only mail, without its quotes (blockquote)."""
    lecteur = _Lecteur()
    lecteur.feed(_balises_seules(source[: 50 * TEXTE_MAX]))
    lecteur.close()
    return re.sub(r"[ \t]+", " ", html.unescape("".join(lecteur.morceaux)))


def _balises_seules(source: str) -> str:
    """The same without comments nor attributes, any other « < » escaped: one pass each.

    HTMLParser looks for the end of each unfinished tag up to the end of the text: « <a <a <a … », one megabyte
    of it, would hold a process for hours.
    """
    source = re.sub(r"<!--.*?(?:-->|\Z)", " ", source, flags=re.DOTALL)
    source = re.sub(r"<[!?][^<>]*>", " ", source)
    source = re.sub(r"<(?!/?[a-zA-Z][^<>]*>)", "&lt;", source)
    return re.sub(r"<(/?[a-zA-Z][a-zA-Z0-9]*)[^<>]*>", r"<\1>", source)


class _Lecteur(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.morceaux, self.tus = [], 0

    def handle_starttag(self, tag, attrs):
        if tag in _TUS:
            self.tus += 1
        if tag in _BLOCS:
            self.morceaux.append("\n")

    def handle_endtag(self, tag):
        if tag in _TUS and self.tus:
            self.tus -= 1
        if tag in _BLOCS and tag != "br":
            self.morceaux.append("\n")

    def handle_data(self, data):
        if not self.tus:
            self.morceaux.append(re.sub(r"\s+", " ", data))
