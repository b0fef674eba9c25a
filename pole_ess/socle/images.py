"""Photos from strangers: checked, turned upright, stripped of metadata, resized, re-encoded."""

import io
import uuid
import warnings

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = {"JPEG", "PNG", "WEBP"}
PIXELS_MAX = 40_000_000
COTE_MAX = 1600


def nettoyer_image(fichier, *, cote_max: int = COTE_MAX, pour_courriel: bool = False) -> ContentFile:
    """A fresh WebP of at most `cote_max` pixels a side under a random name, without EXIF nor position.

    `pour_courriel`: a JPEG on white instead, since old mail readers do not show WebP.

    Raises ValidationError (French) for anything that is not an honest JPEG, PNG or WebP: SVG, a file that
    lies about its type, a decompression bomb, a truncated picture, or more than IMAGE_MAX_OCTETS bytes.
    """
    if fichier.size > settings.IMAGE_MAX_OCTETS:
        mo = settings.IMAGE_MAX_OCTETS // (1024 * 1024)
        raise ValidationError(f"Cette photo est trop lourde : {mo} Mo au plus.", code="trop_lourd")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            fichier.seek(0)
            image = Image.open(fichier, formats=list(FORMATS))
            if image.width * image.height > PIXELS_MAX:
                raise ValidationError("Cette photo a trop de pixels (40 millions au plus).", code="trop_grande")
            image.load()
            image = ImageOps.exif_transpose(image)
            image = image.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB")
            image.thumbnail((cote_max, cote_max))
    except (UnidentifiedImageError, Image.DecompressionBombWarning, Image.DecompressionBombError) as erreur:
        raise ValidationError(
            "Ce fichier n'est pas une photo lisible. Choisissez une image JPEG, PNG ou WebP.",
            code="illisible",
        ) from erreur
    except (OSError, SyntaxError, ValueError) as erreur:
        raise ValidationError("Cette photo est abîmée : elle ne s'ouvre pas.", code="abimee") from erreur
    sortie = io.BytesIO()
    if pour_courriel:
        _sur_blanc(image).save(sortie, "JPEG", quality=82, optimize=True)
        return ContentFile(sortie.getvalue(), name=f"{uuid.uuid4().hex}.jpg")
    image.save(sortie, "WEBP", quality=82, method=4)
    return ContentFile(sortie.getvalue(), name=f"{uuid.uuid4().hex}.webp")


def _sur_blanc(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    fond = Image.new("RGB", image.size, "white")
    fond.paste(image, mask=image.getchannel("A"))
    return fond
