from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from annuaire.models import Activite, Commune
from newsletter.querysets import InteretsQuerySet
from ressources.natures import Nature

KM_MAX = 200


class Interets(models.Model):
    """One combination of interests. Subscribers who chose the same share the row: an issue is rendered once for them.

    Nothing chosen in a list means everything. Rows are found by `cle` and never edited: a person who changes their
    mind is moved to another row (`Interets.objects.pour`).
    """

    cle = models.CharField(max_length=600, unique=True, help_text="Canonical text of the choices; empty: everything.")
    natures = ArrayField(
        models.CharField(max_length=15, choices=Nature.choices),
        default=list,
        blank=True,
        help_text="Natures d'offres et de besoins ; vide : toutes.",
    )
    activites = models.ManyToManyField(Activite, blank=True, related_name="+", verbose_name="activités")
    commune = models.ForeignKey(Commune, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    rayon_km = models.PositiveSmallIntegerField(
        "rayon (km)", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(KM_MAX)]
    )

    objects = InteretsQuerySet.as_manager()

    class Meta:
        verbose_name = "centres d'intérêt"
        verbose_name_plural = "centres d'intérêt"
        ordering = ["cle", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(commune__isnull=True, rayon_km__isnull=True)
                | Q(commune__isnull=False, rayon_km__isnull=False, rayon_km__gte=1, rayon_km__lte=KM_MAX),
                name="interets_commune_et_rayon",
            ),
            models.CheckConstraint(
                condition=Q(natures__contained_by=list(Nature.values)),
                name="interets_natures_connues",
            ),
        ]

    def __str__(self):
        return self.cle or "tout"
