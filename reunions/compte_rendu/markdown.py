"""Sections are Markdown (CommonMark without HTML nor images): HTML for pages, plain blocks for PDF and braille."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

LECTEUR = MarkdownIt("commonmark", {"html": False, "maxNesting": 12}).disable(["image", "html_block", "html_inline"])
BALISES = {"p", "h3", "h4", "h5", "ul", "ol", "li", "blockquote", "strong", "em", "code", "pre", "hr", "br", "a"}
NIVEAU = 3
"""A section's title is of level 2: what it contains starts below, and never skips a level (PDF/UA refuses it)."""


def html(texte: str) -> SafeString:
    """Clean HTML; links are followed by people, not by robots."""
    jetons = _niveaux(LECTEUR.parse(texte))
    brut = LECTEUR.renderer.render(jetons, LECTEUR.options, {})
    propre = nh3.clean(
        brut,
        tags=BALISES,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(propre)  # noqa: S308 - just cleaned


def _niveaux(jetons) -> list:
    """Headings brought to level 3, then 4 for those that are deeper than the first of them."""
    ouverts, reference = [], None
    for jeton in jetons:
        if jeton.type == "heading_open":
            lu = int(jeton.tag[1])
            reference = lu if reference is None else min(reference, lu)
            ouverts.append(f"h{NIVEAU + (lu > reference)}")
            jeton.tag = ouverts[-1]
        elif jeton.type == "heading_close":
            jeton.tag = ouverts.pop()
    return jetons


def blocs(texte: str) -> list[dict]:
    """[{"genre": "p|h|ul|ol|citation|code|trait", …}] for the PDF's template and for braille.

    `texte`: runs {"t": words, "fort", "em", "lien"}; `niveau` of a heading, 3 or 4; `lignes`: items of a list, or
    what is quoted, each a list of blocks.
    """
    return _lire(iter(_niveaux(LECTEUR.parse(texte))), None)


def _lire(jetons, fin) -> list[dict]:
    trouves = []
    for jeton in jetons:
        if jeton.type == fin:
            break
        if jeton.type == "heading_open":
            trouves.append({"genre": "h", "niveau": int(jeton.tag[1]), "texte": _suites(next(jetons))})
        elif jeton.type == "paragraph_open":
            trouves.append({"genre": "p", "texte": _suites(next(jetons))})
        elif jeton.type == "bullet_list_open":
            trouves.append({"genre": "ul", "lignes": _elements(jetons, "bullet_list_close")})
        elif jeton.type == "ordered_list_open":
            lignes = _elements(jetons, "ordered_list_close")
            trouves.append({"genre": "ol", "debut": int(jeton.attrs.get("start", 1)), "lignes": lignes})
        elif jeton.type == "blockquote_open":
            trouves.append({"genre": "citation", "lignes": [_lire(jetons, "blockquote_close")]})
        elif jeton.type in ("fence", "code_block"):
            trouves.append({"genre": "p", "texte": [{"t": jeton.content.strip("\n")}]})
        elif jeton.type == "hr":
            trouves.append({"genre": "trait"})
    return trouves


def _elements(jetons, fin) -> list[list[dict]]:
    elements = []
    for jeton in jetons:
        if jeton.type == fin:
            break
        if jeton.type == "list_item_open":
            elements.append(_lire(jetons, "list_item_close"))
    return elements


def _suites(jeton) -> list[dict]:
    """The runs of one line of text."""
    suites, fort, em, lien = [], 0, 0, ""
    for enfant in jeton.children or []:
        if enfant.type in ("strong_open", "strong_close"):
            fort += 1 if enfant.type == "strong_open" else -1
        elif enfant.type in ("em_open", "em_close"):
            em += 1 if enfant.type == "em_open" else -1
        elif enfant.type == "link_open":
            lien = str(enfant.attrs.get("href", ""))
        elif enfant.type == "link_close":
            lien = ""
        elif enfant.type in ("softbreak", "hardbreak"):
            suites.append({"t": "\n" if enfant.type == "hardbreak" else " "})
        elif enfant.content:
            suites.append({"t": enfant.content, "fort": fort > 0, "em": em > 0, "lien": _sure(lien)})
    return suites


def _sure(lien: str) -> str:
    return lien if lien.startswith(("http://", "https://", "mailto:")) else ""


def mots(suites) -> str:
    """Runs as plain words; the address of a link follows it."""
    ecrits = []
    for suite in suites:
        adresse = suite.get("lien", "")
        ecrits.append(suite["t"] + (f" ({adresse})" if adresse and adresse != suite["t"] else ""))
    return "".join(ecrits)
