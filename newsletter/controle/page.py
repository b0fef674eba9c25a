"""What a mail's HTML holds: language, headings, links, pictures, words with their colours. Read with the standard
library: the HTML is ours (mrml's), and what is checked is what leaves."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from pole_ess.socle.couleurs import BLANC, NOIR, contraste

VIDES = {"br", "hr", "img", "meta", "link", "input", "col", "area", "base", "wbr"}
TUS = {"head", "script", "style", "title"}
TITRES = {"h1", "h2", "h3", "h4", "h5", "h6"}
_HEXA = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})\b", re.IGNORECASE)
NOMMEES = {"black": NOIR, "white": BLANC, "transparent": None, "none": None}


@dataclass
class Page:
    """`titres`: (level, words); `liens`: (address, words); `images`: alternative or None; `mots`: (words, ratio)."""

    langue: str = ""
    titres: list = field(default_factory=list)
    liens: list = field(default_factory=list)
    images: list = field(default_factory=list)
    mots: list = field(default_factory=list)


def lire(html: str) -> Page:
    lecteur = _Lecteur()
    lecteur.feed(html)
    lecteur.close()
    return lecteur.page


def couleur(valeur: str):
    """(r, g, b) of « #0b5c5a » or « white »; None when it is not a plain colour."""
    if trouve := _HEXA.search(valeur):
        hexa = trouve[1] if len(trouve[1]) == 6 else "".join(c * 2 for c in trouve[1])
        return tuple(int(hexa[i : i + 2], 16) for i in (0, 2, 4))
    return NOMMEES.get(valeur.strip().lower())


def mots(texte: str) -> str:
    """One spelling for comparing: any space for a space."""
    return " ".join(texte.replace("\xa0", " ").replace("\u202f", " ").split())


class _Lecteur(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.page, self.pile, self.ouverts = Page(), [], []

    def handle_starttag(self, tag, attrs):
        attrs = {nom: valeur or "" for nom, valeur in attrs}
        if tag == "html":
            self.page.langue = attrs.get("lang", "")
        if tag == "img":
            self._image(attrs)
        if tag in VIDES:
            return
        self.pile.append((tag, *self._couleurs(attrs), tag in TUS or self._cache(attrs)))
        if tag in TITRES or (tag == "a" and "href" in attrs):
            self.ouverts.append((tag, attrs.get("href", ""), []))

    def _couleurs(self, attrs):
        encre, fond = self.pile[-1][1:3] if self.pile else (NOIR, BLANC)
        style = {
            morceau.split(":", 1)[0].strip().lower(): morceau.split(":", 1)[1]
            for morceau in attrs.get("style", "").split(";")
            if ":" in morceau
        }
        fond = couleur(attrs.get("bgcolor", "")) or fond
        fond = couleur(style.get("background", "")) or couleur(style.get("background-color", "")) or fond
        return couleur(style.get("color", "")) or encre, fond

    def _cache(self, attrs) -> bool:
        style = attrs.get("style", "").replace(" ", "")
        return self._tu() or "display:none" in style or attrs.get("aria-hidden") == "true"

    def _tu(self) -> bool:
        return bool(self.pile) and self.pile[-1][3]

    def _image(self, attrs):
        alternative = attrs.get("alt")
        self.page.images.append(alternative)
        for _, _, morceaux in self.ouverts:
            morceaux.append(alternative or "")

    def handle_endtag(self, tag):
        if tag in VIDES or tag not in [ouvert[0] for ouvert in self.pile]:
            return
        while self.pile.pop()[0] != tag:
            pass
        if self.ouverts and self.ouverts[-1][0] == tag:
            _, adresse, morceaux = self.ouverts.pop()
            ecrits = mots("".join(morceaux))
            if tag == "a":
                self.page.liens.append((adresse, ecrits))
            else:
                self.page.titres.append((int(tag[1]), ecrits))

    def handle_data(self, data):
        if self._tu() or not self.pile:
            return
        for _, _, morceaux in self.ouverts:
            morceaux.append(data)
        if data.strip():
            _, encre, fond, _ = self.pile[-1]
            self.page.mots.append((mots(data), contraste(encre, fond)))
