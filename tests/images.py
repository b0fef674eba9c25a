"""Pictures that the tests send."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def image(nom="photo.png", *, forme="PNG", taille=(40, 30)) -> SimpleUploadedFile:
    """A small honest picture, as a browser uploads it."""
    tampon = io.BytesIO()
    Image.new("RGB", taille, "teal").save(tampon, forme)
    return SimpleUploadedFile(nom, tampon.getvalue(), content_type="image/png")
