import calendar
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from annuaire.querysets import MessageRelayeQuerySet, SignalementQuerySet

from .structure import Structure


class Modification(models.Model):
    """An edit of a published structure by its référent: shown at once, listed for review field by field."""

    class Etat(models.TextChoices):
        A_RELIRE = "a_relire", "à relire"
        RELUE = "relue", "relue"
        ANNULEE = "annulee", "annulée"

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="modifications")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="modifications"
    )
    avant = models.JSONField(default=dict, help_text="Les valeurs d'avant, pour les seuls champs changés.")
    apres = models.JSONField(default=dict, help_text="Les valeurs d'après.")
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.A_RELIRE)
    motif = models.TextField(blank=True)
    cree_le = models.DateTimeField("faite le", auto_now_add=True)
    relue_le = models.DateTimeField(null=True, blank=True)
    relue_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="relectures"
    )

    class Meta:
        verbose_name = "modification"
        verbose_name_plural = "modifications"
        ordering = ["-cree_le", "-pk"]
        indexes = [models.Index(fields=["etat", "cree_le"])]

    def __str__(self):
        return f"{self.structure} : {', '.join(self.apres)}"


class Signalement(models.Model):
    """A visitor's word on a sheet: an error, or a person who wants their data removed (RGPD art. 17)."""

    class Genre(models.TextChoices):
        ERREUR = "erreur", "erreur signalée"
        RETRAIT = "retrait", "retrait de données demandé"

    class Etat(models.TextChoices):
        A_TRAITER = "a_traiter", "à traiter"
        TRAITE = "traite", "traité"
        REJETE = "rejete", "sans suite"

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="signalements")
    genre = models.CharField(max_length=10, choices=Genre.choices)
    nom = models.CharField("nom de la personne", max_length=120, blank=True)
    courriel = models.EmailField("adresse pour répondre", blank=True)
    texte = models.TextField(max_length=2000, blank=True)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.A_TRAITER)
    reponse = models.TextField("réponse", blank=True)
    cree_le = models.DateTimeField("reçu le", auto_now_add=True)
    traite_le = models.DateTimeField("traité le", null=True, blank=True)
    traite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="signalements_traites",
    )

    objects = SignalementQuerySet.as_manager()

    class Meta:
        verbose_name = "signalement"
        verbose_name_plural = "signalements"
        ordering = ["-cree_le", "-pk"]
        indexes = [models.Index(fields=["etat", "cree_le"])]

    def __str__(self):
        return f"{self.get_genre_display()} : {self.structure}"

    @property
    def echeance(self):
        """The day by which a removal request must be answered: one month (RGPD art. 12.3), same day or earlier."""
        recu = timezone.localdate(self.cree_le)
        annee, mois = (recu.year + 1, 1) if recu.month == 12 else (recu.year, recu.month + 1)
        return date(annee, mois, min(recu.day, calendar.monthrange(annee, mois)[1]))


class MessageRelaye(models.Model):
    """A message written to a structure through the portal: the structure's address is never shown."""

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="messages_relayes")
    nom = models.CharField("votre nom", max_length=120)
    courriel = models.EmailField("votre adresse e-mail")
    texte = models.TextField("votre message", max_length=4000)
    cle = models.UUIDField(unique=True, help_text="Key of the form that was shown: a retried request writes once.")
    destinataires = models.PositiveSmallIntegerField(default=0)
    cree_le = models.DateTimeField("envoyé le", auto_now_add=True)

    objects = MessageRelayeQuerySet.as_manager()

    class Meta:
        verbose_name = "message relayé"
        verbose_name_plural = "messages relayés"
        ordering = ["-cree_le", "-pk"]

    def __str__(self):
        return f"À {self.structure}"


class NonDoublon(models.Model):
    """Two structures that staff declared distinct: the pair is not proposed again."""

    structure_a = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="+")
    structure_b = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="+")
    motif = models.CharField(max_length=200, blank=True)
    decide_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decide_le = models.DateTimeField("décidé le", auto_now_add=True)

    class Meta:
        verbose_name = "paire distincte"
        verbose_name_plural = "paires distinctes"
        constraints = [
            models.CheckConstraint(condition=Q(structure_a__lt=F("structure_b")), name="non_doublon_ordre"),
            models.UniqueConstraint(fields=["structure_a", "structure_b"], name="non_doublon_unique"),
        ]

    def __str__(self):
        return f"{self.structure_a} ≠ {self.structure_b}"


class Opposition(models.Model):
    """A keyed hash of an address, or of a name in a structure: that person is never imported again."""

    empreinte = models.CharField(max_length=64, unique=True)
    motif = models.CharField(max_length=200, blank=True)
    cree_le = models.DateTimeField("notée le", auto_now_add=True)

    class Meta:
        verbose_name = "opposition"
        verbose_name_plural = "oppositions"

    def __str__(self):
        return self.empreinte[:12]
