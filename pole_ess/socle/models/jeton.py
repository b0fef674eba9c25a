from django.db import models


class JetonUtilise(models.Model):
    """The fingerprint of a signed link that has acted: it cannot act again."""

    empreinte = models.CharField(max_length=64, primary_key=True)
    utilise_le = models.DateTimeField(auto_now_add=True)
    expire_le = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "jeton utilisé"
        verbose_name_plural = "jetons utilisés"

    def __str__(self):
        return self.empreinte[:12]
