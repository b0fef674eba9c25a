from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.crypto import get_random_string

from annuaire.models import Structure

from .annonce import Annonce


def nouveau_jeton() -> str:
    """40 letters and digits: about 200 bits."""
    return get_random_string(40, "abcdefghijkmnpqrstuvwxyz23456789")


class ReglagesStructure(models.Model):
    """How a structure uses the announcements. No row: the defaults (not trusted)."""

    structure = models.OneToOneField(Structure, on_delete=models.CASCADE, related_name="reglages_annonces")
    de_confiance = models.BooleanField(
        "de confiance", default=False, help_text="Ses annonces paraissent tout de suite, sans relecture."
    )
    confiance_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    confiance_le = models.DateTimeField("confiance donnée le", null=True, blank=True)
    jeton_agenda = models.CharField(
        max_length=40, unique=True, default=nouveau_jeton, help_text="Secret of the iCalendar feed of its bookings."
    )
    bilan_public = models.BooleanField(
        "bilan montré sur sa fiche", default=False, help_text="Les totaux de la dernière année finie, jamais le détail."
    )

    class Meta:
        verbose_name = "réglages d'une structure"
        verbose_name_plural = "réglages des structures"
        constraints = [
            models.CheckConstraint(
                condition=Q(de_confiance=False) | Q(confiance_le__isnull=False), name="confiance_datee"
            )
        ]

    def __str__(self):
        return str(self.structure)


class MotDeVigilance(models.Model):
    """A word or expression that puts an announcement under the eyes of staff, even from a trusted structure."""

    expression = models.CharField(max_length=80, unique=True)
    raison = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "mot de vigilance"
        verbose_name_plural = "mots de vigilance"
        ordering = ["expression"]
        constraints = [models.CheckConstraint(condition=~Q(expression=""), name="vigilance_non_vide")]

    def __str__(self):
        return self.expression


class SignalementAnnonce(models.Model):
    """Somebody's word on an announcement: misleading, already met, out of place."""

    class Genre(models.TextChoices):
        DEJA_POURVUE = "deja_pourvue", "n'est plus disponible"
        TROMPEUSE = "trompeuse", "trompeuse ou fausse"
        DEPLACEE = "deplacee", "déplacée ou illégale"
        AUTRE = "autre", "autre raison"

    class Etat(models.TextChoices):
        A_TRAITER = "a_traiter", "à traiter"
        TRAITE = "traite", "traité"
        REJETE = "rejete", "sans suite"

    annonce = models.ForeignKey(Annonce, on_delete=models.CASCADE, related_name="signalements")
    genre = models.CharField("raison", max_length=14, choices=Genre.choices)
    texte = models.TextField(max_length=2000, blank=True)
    courriel = models.EmailField("adresse pour répondre", blank=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    cle = models.UUIDField(unique=True, help_text="Key of the form that was shown: a retried request writes once.")
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.A_TRAITER)
    reponse = models.TextField("réponse", blank=True)
    cree_le = models.DateTimeField("reçu le", auto_now_add=True)
    traite_le = models.DateTimeField(null=True, blank=True)
    traite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = "signalement d'annonce"
        verbose_name_plural = "signalements d'annonces"
        ordering = ["-cree_le", "-pk"]
        indexes = [models.Index(fields=["etat", "cree_le"], name="signalement_annonce_etat")]

    def __str__(self):
        return f"{self.get_genre_display()} : {self.annonce}"
