"""Drawn logos and pictures, made by code: plain shapes in the portal's colours."""

import io
import math

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

TEINTES = [
    ((11, 92, 90), (228, 240, 238)),
    ((122, 27, 57), (255, 230, 236)),
    ((88, 68, 0), (255, 244, 201)),
    ((55, 66, 77), (233, 235, 238)),
    ((33, 74, 120), (226, 236, 247)),
    ((78, 60, 110), (236, 231, 245)),
]


def _fichier(image, nom) -> ContentFile:
    sortie = io.BytesIO()
    image.save(sortie, "WEBP", quality=82, method=4)
    return ContentFile(sortie.getvalue(), name=f"{nom}.webp")


def logo(rang: int) -> ContentFile:
    """A square mark: petals, rings, hills or a checkerboard, according to `rang`."""
    encre, fond = TEINTES[rang % len(TEINTES)]
    image = Image.new("RGB", (480, 480), fond)
    dessin = ImageDraw.Draw(image)
    motif = rang % 4
    if motif == 0:
        petales = 5 + rang % 4
        for n in range(petales):
            angle = 2 * math.pi * n / petales
            x, y = 240 + 110 * math.cos(angle), 240 + 110 * math.sin(angle)
            dessin.ellipse((x - 70, y - 70, x + 70, y + 70), outline=encre, width=22)
    elif motif == 1:
        for rayon in (190, 130, 70):
            dessin.arc(
                (240 - rayon, 240 - rayon, 240 + rayon, 240 + rayon), 40 * rang % 360, 40 * rang % 360 + 290, encre, 34
            )
    elif motif == 2:
        dessin.polygon([(40, 400), (190, 130), (340, 400)], fill=encre)
        dessin.polygon([(220, 400), (340, 210), (450, 400)], outline=encre, width=20)
        dessin.ellipse((330, 70, 410, 150), fill=encre)
    else:
        for n in range(9):
            x, y = 90 + 105 * (n % 3), 90 + 105 * (n // 3)
            dessin.rounded_rectangle(
                (x, y, x + 88, y + 88), 16, fill=encre if (n + rang) % 2 else None, outline=encre, width=10
            )
    return _fichier(image.resize((240, 240), Image.Resampling.LANCZOS), f"exemple-{rang}")


def paysage(rang: int) -> ContentFile:
    """A drawn landscape: sky, three hills, a sun, a house."""
    encre, fond = TEINTES[rang % len(TEINTES)]
    image = Image.new("RGB", (960, 640), fond)
    dessin = ImageDraw.Draw(image)
    dessin.ellipse((640 - 40 * (rang % 4), 70, 760 - 40 * (rang % 4), 190), fill=(255, 226, 122))
    for plan in range(3):
        part = (plan + 1) / 3
        teinte = tuple(round(f + (e - f) * part * 0.8) for e, f in zip(encre, fond, strict=True))
        base = 300 + 90 * plan
        points = [(x, base + 40 * math.sin(x / (150 + 30 * plan) + rang + 2 * plan)) for x in range(0, 961, 12)]
        dessin.polygon([(0, 640), *points, (960, 640)], fill=teinte)
    gauche = 180 + 90 * (rang % 3)
    dessin.rectangle((gauche, 470, gauche + 130, 570), fill=(251, 250, 246))
    dessin.polygon([(gauche - 20, 470), (gauche + 65, 405), (gauche + 150, 470)], fill=encre)
    dessin.rectangle((gauche + 50, 515, gauche + 80, 570), fill=encre)
    return _fichier(image, f"paysage-{rang}")
