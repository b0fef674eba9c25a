from django.db import models


class Compteur(models.Model):
    """One fixed window of a rate limit, shared by all processes (atomic upsert in socle.limites)."""

    cle = models.CharField(max_length=200)
    fenetre = models.BigIntegerField(help_text="Start of the window, seconds since 1970.")
    compte = models.PositiveIntegerField(default=0)
    expire_le = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "compteur"
        verbose_name_plural = "compteurs"
        constraints = [models.UniqueConstraint(fields=["cle", "fenetre"], name="compteur_cle_fenetre")]

    def __str__(self):
        return f"{self.cle} : {self.compte}"
