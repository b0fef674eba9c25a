from django.db import models
from django.db.models import Q

from .numero import Numero


class Geste(models.Model):
    """What a reader did from an issue, by a signed link: the hub counts what its letter brings about, not who opens it.

    No reader here: `empreinte` is a keyed hash of the person and the object, so that the same act counts once.
    """

    class Genre(models.TextChoices):
        AIDE = "aide", "réponses à un besoin"
        INTERET = "interet", "réponses à une offre"
        PRESENCE = "presence", "inscriptions à une rencontre"
        POURVU = "pourvu", "annonces dites pourvues"
        EXACT = "exact", "annonces et fiches dites exactes"

    CONNEXIONS = (Genre.AIDE, Genre.INTERET, Genre.PRESENCE)
    """Those that put people in touch; the others keep the portal true."""

    numero = models.ForeignKey(Numero, on_delete=models.CASCADE, related_name="gestes")
    genre = models.CharField(max_length=8, choices=Genre.choices)
    empreinte = models.CharField(max_length=64)
    le = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "geste depuis la lettre"
        verbose_name_plural = "gestes depuis la lettre"
        ordering = ["-le", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["numero", "genre", "empreinte"], name="geste_compte_une_fois"),
            models.CheckConstraint(
                condition=Q(genre__in=["aide", "interet", "presence", "pourvu", "exact"]), name="geste_genre_connu"
            ),
            models.CheckConstraint(condition=Q(empreinte__regex=r"^[0-9a-f]{64}$"), name="geste_empreinte"),
        ]

    def __str__(self):
        return f"{self.numero} : {self.get_genre_display()}"
