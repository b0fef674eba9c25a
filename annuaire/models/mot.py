from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models


class Mot(models.Model):
    """A word of a published structure, lower case without accents: what a mistyped word is compared with.

    Kept by triggers, words that no published structure holds any more removed. Not unique on purpose: two
    transactions that bring the same new word must not wait for each other.
    """

    mot = models.TextField(db_collation="C")

    class Meta:
        verbose_name = "mot de l'annuaire"
        verbose_name_plural = "mots de l'annuaire"
        ordering = ["mot", "pk"]
        indexes = [
            models.Index(fields=["mot"], name="mot_exact"),
            GinIndex(OpClass("mot", name="gin_trgm_ops"), name="mot_trgm"),
        ]

    def __str__(self):
        return self.mot
