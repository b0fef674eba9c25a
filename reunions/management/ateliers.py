"""What the commands about a workshop share."""

from django.core.management.base import CommandError

from reunions.models import Atelier


def trouver(reference: str) -> Atelier:
    """By its code (« KMR TBA », any case) or its number. Raises CommandError, in French."""
    texte = "".join(reference.split()).upper()
    ateliers = Atelier.objects.select_related("reunion")
    if texte.isascii() and texte.isdecimal():
        if len(texte) > 18:
            raise CommandError(f"Aucun atelier n'a le numéro {reference}.")
        atelier = ateliers.filter(pk=int(texte)).first()
    else:
        atelier = ateliers.filter(code=texte).first() if texte.isalpha() else None
    if atelier is None:
        raise CommandError(f"Aucun atelier n'a le code ou le numéro « {reference} ».")
    return atelier
