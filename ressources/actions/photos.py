"""Photos and files of an announcement. Each act locks the announcement's row."""

from django.db import transaction
from django.db.models import Max

from ressources.models import Annonce, FichierAnnonce, PhotoAnnonce

PHOTOS_MAX, FICHIERS_MAX = 8, 6


class ListePleine(Exception):
    """The announcement already holds as many photos or files as it may; the message says what to do."""


def _verrouiller(annonce) -> Annonce:
    return Annonce.objects.select_for_update(of=("self",)).get(pk=annonce.pk)


@transaction.atomic
def ajouter(annonce, *, par, images: dict, alternative: str) -> PhotoAnnonce:
    """Add a photo at the end; `images`: forms.annonce_photo.en_deux_tailles. Raises ListePleine."""
    _verrouiller(annonce)
    if annonce.photos.count() >= PHOTOS_MAX:
        raise ListePleine(f"{PHOTOS_MAX} photos au plus : supprimez-en une d'abord.")
    rang = annonce.photos.aggregate(dernier=Max("ordre"))["dernier"]
    return annonce.photos.create(alternative=alternative, ordre=0 if rang is None else rang + 1, **images)


@transaction.atomic
def decrire(photo, *, par, alternative: str) -> None:
    _verrouiller(photo.annonce)
    PhotoAnnonce.objects.filter(pk=photo.pk).update(alternative=alternative)
    photo.alternative = alternative


@transaction.atomic
def deplacer(photo, *, par, vers: int) -> None:
    """Move a photo one place up (-1) or down (1); at an end, or once it is deleted, nothing moves."""
    _verrouiller(photo.annonce)
    photos = list(photo.annonce.photos.all())
    rang = next((i for i, autre in enumerate(photos) if autre.pk == photo.pk), None)
    if rang is None or not 0 <= rang + vers < len(photos):
        return
    photos[rang], photos[rang + vers] = photos[rang + vers], photos[rang]
    for ordre, autre in enumerate(photos):
        autre.ordre = ordre
    PhotoAnnonce.objects.bulk_update(photos, ["ordre"])


@transaction.atomic
def supprimer(photo, *, par) -> None:
    """Remove the row; its files leave with the sweep of orphans."""
    _verrouiller(photo.annonce)
    photo.delete()


@transaction.atomic
def ajouter_fichier(annonce, *, par, document, genre: str) -> FichierAnnonce:
    """Add a file for members; `document`: socle.fichiers.Document. Raises ListePleine."""
    _verrouiller(annonce)
    if annonce.fichiers.count() >= FICHIERS_MAX:
        raise ListePleine(f"{FICHIERS_MAX} documents au plus : supprimez-en un d'abord.")
    return annonce.fichiers.create(
        fichier=document.contenu,
        genre=genre,
        nom=document.nom,
        type_mime=document.type_mime,
        taille=document.contenu.size,
    )


@transaction.atomic
def supprimer_fichier(fichier, *, par) -> None:
    """Remove the row; the file itself leaves with the sweep of orphans."""
    _verrouiller(fichier.annonce)
    fichier.delete()
