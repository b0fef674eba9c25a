"""Documents that people give: their type is read in their content, never in their name nor in what the browser says."""

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from .images import nettoyer_image

OCTETS_MAX = 10 * 1024 * 1024
ENTREES_MAX = 2000
"""Parts of a word processor's file; more is something else."""
PDF, ODT = "application/pdf", "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
REFUS = "Ce fichier n'est pas un PDF, un ODT, un DOCX ni une image lisible : enregistrez-le sous l'un de ces formats."


@dataclass(frozen=True)
class Document:
    contenu: ContentFile
    nom: str
    type_mime: str


def lire(fichier) -> Document:
    """The file with its true type and an honest name. Raises ValidationError, in French."""
    if fichier.size > OCTETS_MAX:
        raise ValidationError("Ce document est trop lourd : 10 Mo au plus.", code="trop_lourd")
    fichier.seek(0)
    octets = fichier.read()
    if octets[:1024].lstrip().startswith(b"%PDF-"):
        if b"%%EOF" not in octets[-2048:]:
            raise ValidationError("Ce PDF est abîmé : il est incomplet.", code="abime")
        return _document(octets, fichier.name, ".pdf", PDF)
    if octets.startswith(b"PK\x03\x04"):
        type_mime = _type_du_zip(fichier)
        return _document(octets, fichier.name, ".odt" if type_mime == ODT else ".docx", type_mime)
    try:
        image = nettoyer_image(fichier)
    except ValidationError as erreur:
        raise ValidationError(REFUS, code="type") from erreur
    return _document(image.read(), fichier.name, ".webp", "image/webp")


def _type_du_zip(fichier) -> str:
    """ODT or DOCX; macros are refused. Only the list of parts and one of at most 100 bytes are read."""
    try:
        fichier.seek(0)
        with zipfile.ZipFile(fichier) as archive:
            noms = {entree.filename: entree for entree in archive.infolist()}
            if len(noms) > ENTREES_MAX:
                raise ValidationError(REFUS, code="type")
            if any("vbaproject" in nom.lower() or nom.startswith("Basic/") for nom in noms):
                raise ValidationError("Ce document contient des macros : enregistrez-le sans elles.", code="macros")
            if "mimetype" in noms and noms["mimetype"].file_size < 100 and "content.xml" in noms:
                if archive.read("mimetype").decode("ascii", "replace").strip() == ODT:
                    return ODT
            elif {"[Content_Types].xml", "word/document.xml"} <= set(noms):
                return DOCX
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError) as erreur:
        raise ValidationError("Ce document est abîmé : il ne s'ouvre pas.", code="abime") from erreur
    raise ValidationError(REFUS, code="type")


def _document(octets, nom, extension, type_mime) -> Document:
    return Document(ContentFile(octets, name="document"), _nom_honnete(nom, extension), type_mime)


def _nom_honnete(nom: str, extension: str) -> str:
    """The name given, without path, control or writing-direction characters, ending as its true type does."""
    base = "".join(c for c in unicodedata.normalize("NFC", PurePath(nom).name) if unicodedata.category(c)[0] != "C")
    base = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", base.replace("\\", " ").replace('"', "")).strip(" .")
    return f"{base[:100] or 'document'}{extension}"
