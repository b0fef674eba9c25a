from django.conf import settings
from django.db import models
from django.db.models import Q

from annuaire.models import Commune, Structure
from ressources.natures import Nature
from ressources.querysets_demandes import DemandeSansReponseQuerySet

from .annonce import Annonce
from .calendrier import Reservation
from .categorie import Categorie


class DemandeSansReponse(models.Model):
    """What a structure looked for in vain: a need that found nothing, or a booking that was refused.

    One row a source. What it was is repeated as it was said: the announcement may change, or be put away.
    """

    class Genre(models.TextChoices):
        EXPIREE = "expiree", "besoin expiré"
        RETIREE = "retiree", "besoin retiré"
        REFUSEE = "refusee", "réservation refusée"

    genre = models.CharField("ce qui s'est passé", max_length=8, choices=Genre.choices)
    annonce = models.OneToOneField(
        Annonce, null=True, blank=True, on_delete=models.CASCADE, related_name="demande_sans_reponse"
    )
    reservation = models.OneToOneField(
        Reservation, null=True, blank=True, on_delete=models.CASCADE, related_name="demande_sans_reponse"
    )
    structure = models.ForeignKey(
        Structure,
        on_delete=models.CASCADE,
        related_name="demandes_sans_reponse",
        verbose_name="structure qui cherchait",
    )
    nature = models.CharField(max_length=15, choices=Nature.choices)
    categorie = models.ForeignKey(
        Categorie, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name="catégorie"
    )
    commune = models.ForeignKey(Commune, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    titre = models.CharField(max_length=120)
    le = models.DateField("le")
    rangee_le = models.DateTimeField("suite donnée le", null=True, blank=True)
    rangee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="suite donnée par",
    )

    objects = DemandeSansReponseQuerySet.as_manager()

    class Meta:
        verbose_name = "demande sans réponse"
        verbose_name_plural = "demandes sans réponse"
        ordering = ["-le", "-pk"]
        indexes = [models.Index(fields=["-le"], name="demande_le")]
        constraints = [
            models.CheckConstraint(
                condition=Q(genre__in=["expiree", "retiree"], annonce__isnull=False, reservation__isnull=True)
                | Q(genre="refusee", annonce__isnull=True, reservation__isnull=False),
                name="demande_une_source",
            ),
        ]

    def __str__(self):
        return self.titre
