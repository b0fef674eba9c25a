from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models


class MotAnnonce(models.Model):
    """A word of the published announcements, as annuaire.Mot is of the published structures; kept by triggers."""

    mot = models.TextField(db_collation="C")

    class Meta:
        verbose_name = "mot des annonces"
        verbose_name_plural = "mots des annonces"
        ordering = ["mot", "pk"]
        indexes = [
            models.Index(fields=["mot"], name="mot_annonce_exact"),
            GinIndex(OpClass("mot", name="gin_trgm_ops"), name="mot_annonce_trgm"),
        ]

    def __str__(self):
        return self.mot
