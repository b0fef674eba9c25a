from django.db import models
from django.db.models import Q

from .atelier import Participant
from .reunion import Reunion


class Enonce(models.Model):
    """A statement of the diagnostic, presented and validated together (part I of the minutes of 2014)."""

    class Theme(models.TextChoices):
        ENVIRONNEMENT = "environnement", "l'environnement des acteurs"
        DIFFICULTE = "difficulte", "les difficultés des acteurs"
        AUTRE = "autre", "autre constat"

    class Issue(models.TextChoices):
        A_DISCUTER = "a_discuter", "à discuter"
        VALIDE = "valide", "validé"
        NUANCE = "nuance", "validé avec une nuance"
        ECARTE = "ecarte", "écarté"

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="enonces")
    theme = models.CharField("thème", max_length=14, choices=Theme.choices, default=Theme.ENVIRONNEMENT)
    ordre = models.PositiveSmallIntegerField(default=0)
    texte = models.CharField(max_length=300)
    issue = models.CharField(max_length=10, choices=Issue.choices, default=Issue.A_DISCUTER)
    mains_levees = models.PositiveSmallIntegerField(
        "mains levées", default=0, help_text="Counted in the room, beside those who answered on a phone."
    )
    remarques = models.TextField(blank=True, max_length=4000)
    modifie_le = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "énoncé du diagnostic"
        verbose_name_plural = "diagnostic"
        ordering = ["ordre", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(texte=""), name="enonce_non_vide")]

    def __str__(self):
        return self.texte


class Reconnaissance(models.Model):
    """« Nous nous y reconnaissons »: a participant of the workshop, of one statement; once."""

    enonce = models.ForeignKey(Enonce, on_delete=models.CASCADE, related_name="reconnaissances")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="reconnaissances")
    remarque = models.CharField(max_length=300, blank=True)
    cree_le = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "reconnaissance"
        verbose_name_plural = "reconnaissances"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["enonce", "participant"], name="reconnaissance_une_fois"),
        ]

    def __str__(self):
        return f"{self.participant} : {self.enonce}"
