from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, TextField


class SansAccent(Func):
    """lower(unaccent(x)), immutable (function public.sans_accent of the first migration)."""

    function = "public.sans_accent"
    output_field = TextField()


class Singulier(Func):
    """sans_accent(x) without the plural marks that the French stemmer leaves (vélos, cinémas, jeux)."""

    function = "public.annuaire_singulier"
    output_field = TextField()


class Commune(models.Model):
    """A French municipality, from the public geo API's form (code officiel géographique)."""

    code = models.CharField("code COG", max_length=5, primary_key=True)
    nom = models.CharField(max_length=80)
    codes_postaux = ArrayField(models.CharField(max_length=5), default=list, verbose_name="codes postaux")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    population = models.PositiveIntegerField(null=True, blank=True)
    epci = models.CharField("EPCI (SIREN)", max_length=9, blank=True)
    tri = models.GeneratedField(
        expression=SansAccent(F("nom")), output_field=models.TextField(db_collation="C"), db_persist=True
    )

    class Meta:
        verbose_name = "commune"
        verbose_name_plural = "communes"
        ordering = ["tri", "code"]
        indexes = [models.Index(fields=["tri", "code"]), GinIndex(fields=["codes_postaux"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(code__regex=r"^(\d{2}|2A|2B)\d{3}$"), name="commune_code_cog"),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="commune_point_entier",
            ),
        ]

    def __str__(self):
        return f"{self.nom} ({self.codes_postaux[0]})" if self.codes_postaux else self.nom
