"""The share card of a sheet: a picture of 1200 by 630 pixels, the size that social networks ask for."""

import importlib.util
import io
import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from PIL import Image, ImageDraw, ImageFont

from pole_ess.socle.models import ReglagesPole

LARGEUR, HAUTEUR, MARGE = 1200, 630, 80


@cache
def _couleurs() -> dict[str, str]:
    """The tokens of the light scheme, from the one file that names colours."""
    css = Path(finders.find("css/jetons.css")).read_text()
    clair = css.split("@media (prefers-color-scheme: dark)")[0]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", clair))


@cache
def _police(face: str, taille: int) -> ImageFont.FreeTypeFont:
    dossier = Path(importlib.util.find_spec("fontpkg_atkinson_hyperlegible").origin).parent / "files"
    return ImageFont.truetype(dossier / f"AtkinsonHyperlegible-{face}.ttf", taille)


def _lignes(texte: str, police, largeur: int, maximum: int) -> list[str]:
    """The words in at most `maximum` lines; what does not fit ends in an ellipsis."""
    lignes, reste = [], texte.split()
    while reste and len(lignes) < maximum:
        ligne = reste.pop(0)
        while reste and police.getlength(f"{ligne} {reste[0]}") <= largeur:
            ligne = f"{ligne} {reste.pop(0)}"
        lignes.append(ligne)
    if lignes and (reste or police.getlength(lignes[-1]) > largeur):
        derniere = lignes[-1]
        while derniere and police.getlength(f"{derniere}…") > largeur:
            derniere = derniere[:-1]
        lignes[-1] = f"{derniere.rstrip()}…"
    return lignes


def _titre(nom: str) -> tuple[int, list[str]]:
    """The largest size at which the whole name fits its three or four lines, else the smallest, cut."""
    for taille, maximum in [(76, 3), (58, 4)]:
        lignes = _lignes(nom, _police("Bold", taille), LARGEUR - 2 * MARGE, maximum)
        if not lignes[-1].endswith("…"):
            break
    return taille, lignes


def _marque(dessin: ImageDraw.ImageDraw, x: int, y: int, couleurs) -> None:
    """The hub's mark (static/img/marque.svg) at twice its size."""
    dessin.rounded_rectangle((x, y, x + 44, y + 44), 4, fill=couleurs["jaune"])
    dessin.rounded_rectangle((x + 24, y + 12, x + 68, y + 56), 4, fill=couleurs["rose"])
    dessin.rounded_rectangle((x + 12, y + 28, x + 56, y + 68), 8, fill=couleurs["teal"])


def dessiner(structure) -> bytes:
    """A PNG: name, legal form, commune, first activities, and the hub's name. Public facts only."""
    couleurs, pole = _couleurs(), ReglagesPole.actuels()
    image = Image.new("RGB", (LARGEUR, HAUTEUR), couleurs["paper"])
    dessin = ImageDraw.Draw(image)
    dessin.rectangle((0, HAUTEUR - 24, LARGEUR // 2, HAUTEUR), fill=couleurs["jaune"])
    dessin.rectangle((LARGEUR // 2, HAUTEUR - 24, LARGEUR, HAUTEUR), fill=couleurs["rose"])
    _marque(dessin, MARGE, 64, couleurs)
    portail = _lignes(f"{pole.nom} {pole.territoire_nom}", _police("Regular", 36), LARGEUR - 2 * MARGE - 100, 1)
    dessin.text((MARGE + 92, 76), "".join(portail), font=_police("Regular", 36), fill=couleurs["ink-soft"])
    y = 190
    taille, lignes = _titre(structure.nom)
    for ligne in lignes:
        dessin.text((MARGE, y), ligne, font=_police("Bold", taille), fill=couleurs["ink"])
        y += taille + 14
    y += 10
    faits = [structure.get_forme_juridique_display(), structure.commune.nom if structure.commune else ""]
    activites = [activite.nom for activite in structure.activites.all()][:4]
    for texte, encre in [(" · ".join(f for f in faits if f), "ink-soft"), (", ".join(activites), "teal")]:
        for ligne in _lignes(texte, _police("Regular", 42), LARGEUR - 2 * MARGE, 1):
            y += 12
            dessin.text((MARGE, y), ligne, font=_police("Regular", 42), fill=couleurs[encre])
            y += 46
    sortie = io.BytesIO()
    image.save(sortie, "PNG", optimize=True)
    return sortie.getvalue()
