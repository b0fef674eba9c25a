from django.db import models
from django.db.models import Q

from ressources.natures import Nature


class Categorie(models.Model):
    """What an announcement is about, within its nature (category, domain, discipline, theme); edited by staff.

    `synonymes` are words people use for it, searched and matched as its name is.
    """

    nature = models.CharField(max_length=15, choices=Nature.choices)
    nom = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    synonymes = models.CharField(
        max_length=500, blank=True, help_text="Autres mots pour la même chose, séparés par des virgules."
    )
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "catégorie d'annonces"
        verbose_name_plural = "catégories d'annonces"
        ordering = ["nature", "ordre", "nom", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["nature", "nom"], name="categorie_unique"),
            models.CheckConstraint(condition=Q(nature__in=Nature.values), name="categorie_nature_connue"),
        ]

    def __str__(self):
        return self.nom
