"""The project's own documents as HTML: CommonMark, tables, anchors on titles, pictures of one folder; cleaned."""

import re
from dataclasses import dataclass

import nh3
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt

LECTEUR = MarkdownIt("commonmark", {"html": False}).enable("table")
PAGE = "page://"
BALISES = {
    *("p", "h1", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "code", "pre", "hr", "br", "a"),
    *("table", "thead", "tbody", "tr", "th", "td", "img", "kbd", "div"),
}
ATTRIBUTS = {
    "a": {"href"},
    "ol": {"start"},
    "img": {"src", "alt", "width", "height", "loading"},
    "th": {"scope"},
    "div": {"class", "tabindex", "role", "aria-label"},
    **{titre: {"id"} for titre in ("h2", "h3", "h4")},
}


@dataclass(frozen=True)
class Section:
    """A part under a title. `resume`: its first paragraph, in plain words."""

    ancre: str
    titre: str
    niveau: int
    resume: str = ""


@dataclass(frozen=True)
class Document:
    """`titre`: its first title; `html`: what follows it; `texte`: all its words, for a search."""

    titre: str
    html: SafeString
    sections: tuple[Section, ...]
    resume: str
    texte: str

    def section(self, ancre: str) -> Section:
        """Raises KeyError: a link to nowhere is a mistake of ours."""
        for section in self.sections:
            if section.ancre == ancre:
                return section
        raise KeyError(ancre)


def lire(source: str, image=None) -> Document:
    """`image(name)` gives (address, width, height) of a picture, or None when there is none of that name."""
    jetons = LECTEUR.parse(_typographie(source))
    titre, sections, prises, resume = "", [], set(), ""
    gardes = []
    for rang, jeton in enumerate(jetons):
        suivant = jetons[rang + 1] if rang + 1 < len(jetons) else None
        if jeton.type == "heading_open" and jeton.tag == "h1":
            titre = _mots(suivant)
        elif jeton.type == "heading_open":
            nom = _mots(suivant)
            ancre = _ancre(nom, prises)
            jeton.attrSet("id", ancre)
            sections.append(Section(ancre, nom, int(jeton.tag[1])))
        elif jeton.type == "paragraph_open" and suivant.type == "inline":
            if not sections:
                resume = resume or _mots(suivant)
            elif not sections[-1].resume:
                derniere = sections[-1]
                sections[-1] = Section(derniere.ancre, derniere.titre, derniere.niveau, _mots(suivant))
        elif jeton.type == "th_open":
            jeton.attrSet("scope", "col")
        gardes.append(jeton)
    gardes = _sans_le_titre(gardes)
    _relier(gardes, image)
    brut = LECTEUR.renderer.render(gardes, LECTEUR.options, {})
    brut = _dans_un_cadre(brut)
    propre = nh3.clean(brut, tags=BALISES, attributes=ATTRIBUTS, url_schemes={"http", "https", "mailto"}, link_rel=None)
    texte = " ".join(_mots(jeton) for jeton in jetons if jeton.type == "inline")
    return Document(titre, mark_safe(propre), tuple(sections), resume, texte)  # noqa: S308 - just cleaned


def _typographie(source: str) -> str:
    """French no-break spaces, which nobody types in a text file."""
    return re.sub("(?<=«) | (?=[?!:;»])", "\u00a0", source)


def _dans_un_cadre(brut: str) -> str:
    """A table wider than a phone scrolls in a region of its own, which the keyboard reaches."""
    debut, *tableaux = brut.split("<table>")
    cadre = '<div class="defile" tabindex="0" role="region" aria-label="Tableau {rang}">\n<table>'
    cadres = [cadre.format(rang=rang) + tableau for rang, tableau in enumerate(tableaux, 1)]
    return debut + "".join(cadres).replace("</table>", "</table></div>")


def _sans_le_titre(jetons) -> list:
    """The page shows the first title itself."""
    if jetons and jetons[0].type == "heading_open" and jetons[0].tag == "h1":
        return jetons[3:]
    return jetons


def _ancre(nom: str, prises: set) -> str:
    base = slugify(nom.replace("'", " ").replace("’", " ").replace("œ", "oe")) or "partie"
    ancre, rang = base, 2
    while ancre in prises:
        ancre, rang = f"{base}-{rang}", rang + 1
    prises.add(ancre)
    return ancre


def _relier(jetons, image) -> None:
    """`page://annuaire:proposer` is a page of the portal by its URL name; raises NoReverseMatch on a wrong one."""
    for jeton in jetons:
        for enfant in jeton.children or []:
            if enfant.type == "link_open" and str(enfant.attrs["href"]).startswith(PAGE):
                enfant.attrs["href"] = reverse(str(enfant.attrs["href"]).removeprefix(PAGE))
            elif enfant.type == "image":
                trouvee = image(str(enfant.attrs["src"])) if image else None
                if trouvee is None:
                    raise FileNotFoundError(enfant.attrs["src"])
                adresse, largeur, hauteur = trouvee
                enfant.attrs |= {"src": adresse, "width": str(largeur), "height": str(hauteur), "loading": "lazy"}


def _mots(jeton) -> str:
    """Plain words of one line; of a picture, nothing."""
    dits = []
    for enfant in jeton.children or []:
        if enfant.type in ("softbreak", "hardbreak"):
            dits.append(" ")
        elif enfant.type in ("text", "code_inline"):
            dits.append(enfant.content)
    return "".join(dits)
