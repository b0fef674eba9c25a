"""Pictures of the invented announcements, drawn by code: plain shapes in the portal's colours."""

import io

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

FONDS = [(228, 240, 238), (255, 244, 201), (255, 230, 236), (226, 236, 247), (236, 231, 245), (240, 238, 228)]
ENCRES = [(11, 92, 90), (88, 68, 0), (122, 27, 57), (33, 74, 120), (78, 60, 110), (55, 66, 77)]
BLANC, JAUNE = (251, 250, 246), (255, 226, 122)


def _tente(d, e):
    d.polygon([(180, 300), (480, 130), (780, 300)], fill=e)
    d.polygon([(210, 300), (480, 160), (480, 300)], fill=JAUNE)
    for x in (200, 470, 750):
        d.rectangle((x, 300, x + 16, 520), fill=e)


def _chaises(d, e):
    for x in (190, 400, 610):
        d.rounded_rectangle((x, 180, x + 130, 320), 14, fill=e)
        d.rectangle((x - 6, 350, x + 136, 384), fill=JAUNE)
        d.line([(x + 8, 384), (x - 14, 520)], fill=e, width=14)
        d.line([(x + 122, 384), (x + 144, 520)], fill=e, width=14)


def _table(d, e):
    d.rounded_rectangle((160, 260, 800, 310), 12, fill=e)
    for x in (200, 730):
        d.rectangle((x, 310, x + 30, 520), fill=e)
    d.ellipse((430, 190, 530, 260), fill=JAUNE)


def _projecteur(d, e):
    d.polygon([(430, 330), (840, 130), (840, 430)], fill=JAUNE)
    d.rounded_rectangle((180, 260, 460, 430), 24, fill=e)
    d.ellipse((360, 290, 470, 400), fill=BLANC)
    d.rectangle((220, 430, 260, 470), fill=e)
    d.rectangle((380, 430, 420, 470), fill=e)


def _enceinte(d, e):
    for x in (210, 560):
        d.rounded_rectangle((x, 120, x + 190, 520), 20, fill=e)
        d.ellipse((x + 55, 160, x + 135, 240), fill=JAUNE)
        d.ellipse((x + 25, 300, x + 165, 440), fill=BLANC)
        d.ellipse((x + 65, 340, x + 125, 400), fill=e)


def _fourgon(d, e):
    d.rounded_rectangle((150, 200, 600, 450), 20, fill=e)
    d.polygon([(600, 260), (720, 260), (810, 360), (810, 450), (600, 450)], fill=JAUNE)
    for x in (240, 640):
        d.ellipse((x, 400, x + 120, 520), fill=BLANC, outline=e, width=24)


def _velo(d, e):
    for x in (180, 560):
        d.ellipse((x, 290, x + 220, 510), outline=e, width=18)
    d.line([(290, 400), (420, 220), (600, 220), (670, 400), (480, 400), (290, 400)], fill=e, width=16, joint="curve")
    d.line([(420, 220), (480, 400), (600, 220)], fill=e, width=16)
    d.rounded_rectangle((380, 190, 470, 216), 12, fill=JAUNE)
    d.line([(600, 220), (590, 160), (650, 150)], fill=e, width=16)


def _ordinateur(d, e):
    d.rounded_rectangle((220, 130, 740, 440), 22, fill=e)
    d.rectangle((255, 165, 705, 405), fill=BLANC)
    for n, longueur in enumerate((300, 220, 360)):
        d.rectangle((290, 210 + 60 * n, 290 + longueur, 236 + 60 * n), fill=JAUNE)
    d.rectangle((430, 440, 530, 500), fill=e)
    d.rectangle((340, 500, 620, 526), fill=e)


def _fauteuil(d, e):
    d.ellipse((320, 290, 560, 530), outline=e, width=20)
    d.rounded_rectangle((330, 130, 370, 350), 12, fill=e)
    d.rectangle((340, 320, 600, 356), fill=JAUNE)
    d.line([(590, 350), (660, 500), (720, 500)], fill=e, width=20)
    d.line([(300, 140), (210, 140)], fill=e, width=18)


def _ballon(d, e):
    d.ellipse((310, 150, 670, 510), fill=JAUNE, outline=e, width=18)
    d.arc((160, 150, 480, 510), -50, 50, fill=e, width=14)
    d.arc((500, 150, 820, 510), 130, 230, fill=e, width=14)
    d.line([(310, 330), (670, 330)], fill=e, width=14)


def _vaisselle(d, e):
    d.ellipse((300, 180, 660, 500), fill=BLANC, outline=e, width=16)
    d.ellipse((380, 250, 580, 430), outline=JAUNE, width=16)
    d.rounded_rectangle((200, 180, 226, 500), 12, fill=e)
    d.rounded_rectangle((734, 180, 764, 500), 14, fill=e)
    for x in (178, 206, 234):
        d.rectangle((x, 150, x + 12, 260), fill=e)


def _cadre(d, e):
    d.rectangle((240, 120, 720, 520), fill=BLANC, outline=e, width=26)
    d.polygon([(280, 480), (420, 280), (520, 410), (580, 340), (690, 480)], fill=e)
    d.ellipse((580, 170, 650, 240), fill=JAUNE)


def _outils(d, e):
    d.polygon([(300, 200), (350, 150), (640, 440), (590, 490)], fill=e)
    d.ellipse((240, 110, 380, 250), outline=e, width=34)
    d.polygon([(660, 190), (610, 140), (320, 440), (370, 490)], fill=JAUNE)
    d.rounded_rectangle((560, 90, 730, 210), 18, fill=e)


def _masque(d, e):
    d.pieslice((220, 60, 520, 460), 0, 180, fill=e)
    d.rectangle((220, 170, 520, 262), fill=e)
    d.pieslice((460, 130, 760, 530), 0, 180, fill=JAUNE)
    d.rectangle((460, 240, 760, 332), fill=JAUNE)
    for x, y, teinte in ((280, 220, BLANC), (400, 220, BLANC), (560, 320, e), (650, 320, e)):
        d.ellipse((x, y, x + 50, y + 34), fill=teinte)
    d.arc((310, 270, 430, 370), 20, 160, fill=BLANC, width=14)
    d.arc((560, 390, 670, 480), 200, 340, fill=e, width=14)


def _note(d, e):
    d.ellipse((240, 400, 380, 510), fill=e)
    d.ellipse((560, 360, 700, 470), fill=e)
    d.rectangle((356, 160, 380, 460), fill=e)
    d.rectangle((676, 120, 700, 420), fill=e)
    d.polygon([(356, 160), (700, 120), (700, 190), (356, 230)], fill=JAUNE)


def _salle(d, e):
    d.polygon([(180, 260), (480, 110), (780, 260)], fill=e)
    d.rectangle((220, 260, 740, 520), fill=BLANC, outline=e, width=16)
    d.rectangle((430, 360, 530, 520), fill=e)
    for x in (280, 590):
        d.rectangle((x, 320, x + 90, 410), fill=JAUNE, outline=e, width=10)


def _plante(d, e):
    d.polygon([(370, 380), (590, 380), (560, 530), (400, 530)], fill=e)
    d.line([(480, 380), (480, 200)], fill=e, width=16)
    d.ellipse((330, 180, 470, 290), fill=e)
    d.ellipse((490, 110, 640, 230), fill=JAUNE)
    d.ellipse((500, 240, 620, 330), fill=e)


def _calcul(d, e):
    d.rounded_rectangle((310, 100, 650, 540), 28, fill=e)
    d.rectangle((350, 140, 610, 220), fill=JAUNE)
    for ligne in range(3):
        for colonne in range(3):
            x, y = 350 + 94 * colonne, 260 + 88 * ligne
            d.rounded_rectangle((x, y, x + 70, y + 62), 12, fill=BLANC)


def _mains(d, e):
    for x, teinte in ((300, e), (480, JAUNE), (660, e)):
        d.ellipse((x - 60, 150, x + 60, 270), fill=teinte)
        d.pieslice((x - 120, 290, x + 120, 710), 180, 360, fill=teinte)
    d.rectangle((160, 520, 800, 640), fill=e)


def _croix(d, e):
    d.rounded_rectangle((250, 180, 710, 500), 30, fill=e)
    d.rectangle((400, 130, 560, 190), outline=e, width=20)
    d.rectangle((445, 230, 515, 450), fill=BLANC)
    d.rectangle((370, 305, 590, 375), fill=BLANC)


def _papier(d, e):
    for n in range(6):
        y = 460 - 50 * n
        d.polygon([(220, y), (560, y), (740, y - 70), (400, y - 70)], fill=JAUNE if n % 2 else BLANC, outline=e)
    d.polygon([(220, 460), (560, 460), (560, 500), (220, 500)], fill=e)


DESSINS = {
    "tente": (_tente, "Dessin d'un barnum ouvert"),
    "chaises": (_chaises, "Dessin de trois chaises alignées"),
    "table": (_table, "Dessin d'une table"),
    "projecteur": (_projecteur, "Dessin d'un projecteur et de son faisceau"),
    "enceinte": (_enceinte, "Dessin de deux enceintes"),
    "fourgon": (_fourgon, "Dessin d'un fourgon"),
    "velo": (_velo, "Dessin d'un vélo"),
    "ordinateur": (_ordinateur, "Dessin d'un ordinateur et de son écran"),
    "fauteuil": (_fauteuil, "Dessin d'un fauteuil roulant"),
    "ballon": (_ballon, "Dessin d'un ballon"),
    "vaisselle": (_vaisselle, "Dessin d'une assiette et de ses couverts"),
    "cadre": (_cadre, "Dessin d'un tableau encadré"),
    "outils": (_outils, "Dessin d'une clé et d'un marteau croisés"),
    "masque": (_masque, "Dessin de deux masques de théâtre"),
    "note": (_note, "Dessin d'une note de musique"),
    "salle": (_salle, "Dessin d'une maison avec deux fenêtres"),
    "plante": (_plante, "Dessin d'une plante en pot"),
    "calcul": (_calcul, "Dessin d'une calculatrice"),
    "mains": (_mains, "Dessin de trois personnes côte à côte"),
    "croix": (_croix, "Dessin d'une trousse de premiers secours"),
    "papier": (_papier, "Dessin d'une pile de papier"),
}
"""Name -> (how it is drawn on 960 × 640 with one ink, its alternative text)."""


def dessiner(nom: str, rang: int) -> tuple[ContentFile, ContentFile, str]:
    """(picture of 960 px, thumbnail of 480 px, alternative text)."""
    tracer, alternative = DESSINS[nom]
    image = Image.new("RGB", (960, 640), FONDS[rang % len(FONDS)])
    tracer(ImageDraw.Draw(image), ENCRES[rang % len(ENCRES)])
    fichiers = []
    for cote in (960, 480):
        sortie = io.BytesIO()
        image.resize((cote, cote * 2 // 3), Image.Resampling.LANCZOS).save(sortie, "WEBP", quality=82, method=4)
        fichiers.append(ContentFile(sortie.getvalue(), name=f"exemple-{nom}.webp"))
    return *fichiers, alternative
