from django.conf import settings
from django.db import models


class SansRappel(models.Model):
    """An account that asked for no more « proposer une brève » before each letter; taking it back deletes the row."""

    utilisateur = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="sans_rappel_de_breve"
    )
    le = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "référent sans rappel"
        verbose_name_plural = "référents sans rappel"
        ordering = ["le", "pk"]

    def __str__(self):
        return str(self.utilisateur)
