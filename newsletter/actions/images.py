"""Pictures of a block of free words. Each act locks the issue's row; files leave with the sweep of orphans."""

from django.db import transaction
from django.db.models import Max

from newsletter.models import Bloc, ImageBloc

from . import TransitionInterdite
from .redaction import marquer, verrouiller

IMAGES_MAX = 6


@transaction.atomic
def ajouter(bloc: Bloc, *, fichier, alternative: str) -> ImageBloc:
    """At the end. `fichier`: socle.images.nettoyer_image. Raises TransitionInterdite."""
    numero = verrouiller(bloc.numero)
    if bloc.images.count() >= IMAGES_MAX:
        raise TransitionInterdite(f"{IMAGES_MAX} images au plus dans un bloc : retirez-en une d'abord.")
    dernier = bloc.images.aggregate(dernier=Max("ordre"))["dernier"]
    image = bloc.images.create(fichier=fichier, alternative=alternative, ordre=0 if dernier is None else dernier + 1)
    marquer(numero)
    return image


@transaction.atomic
def decrire(image: ImageBloc, *, alternative: str) -> None:
    numero = verrouiller(image.bloc.numero)
    ImageBloc.objects.filter(pk=image.pk).update(alternative=alternative)
    marquer(numero)


@transaction.atomic
def retirer(image: ImageBloc) -> None:
    numero = verrouiller(image.bloc.numero)
    ImageBloc.objects.filter(pk=image.pk).delete()
    marquer(numero)
