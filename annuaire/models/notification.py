"""What a person wants to be told of, when, and what waits for their next grouped mail."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

PAUSE_MAX = timedelta(days=92)


class Rythme(models.TextChoices):
    IMMEDIAT = "immediat", "Tout de suite"
    QUOTIDIEN = "quotidien", "Une fois par jour"
    HEBDOMADAIRE = "hebdomadaire", "Une fois par semaine"
    JAMAIS = "jamais", "Jamais"


class PreferenceNotification(models.Model):
    """A choice that is not the kind's default; the kinds are registered by the apps (annuaire.notifications)."""

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences_notification"
    )
    sorte = models.CharField(max_length=30)
    rythme = models.CharField(max_length=12, choices=Rythme.choices)

    class Meta:
        verbose_name = "préférence de notification"
        verbose_name_plural = "préférences de notification"
        constraints = [
            models.UniqueConstraint(fields=["utilisateur", "sorte"], name="preference_notification_une_fois"),
            models.CheckConstraint(
                condition=Q(rythme__in=["immediat", "quotidien", "hebdomadaire", "jamais"]),
                name="preference_notification_rythme",
            ),
        ]

    def __str__(self):
        return f"{self.utilisateur}, {self.sorte} : {self.get_rythme_display()}"


class PauseQuerySet(models.QuerySet):
    def en_cours(self, le=None):
        """Pauses that hold the day `le`, today by default, in Europe/Paris."""
        return self.filter(jusqu_au__gte=le or timezone.localdate())


class PauseNotifications(models.Model):
    """No optional mail until a day, that day included; three months at most."""

    utilisateur = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="pause_notifications"
    )
    depuis = models.DateField(default=timezone.localdate)
    jusqu_au = models.DateField("jusqu'au")

    objects = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = "pause des notifications"
        verbose_name_plural = "pauses des notifications"
        constraints = [
            models.CheckConstraint(
                condition=Q(jusqu_au__gte=F("depuis")) & Q(jusqu_au__lte=F("depuis") + PAUSE_MAX),
                name="pause_notifications_trois_mois",
            )
        ]

    def __str__(self):
        return f"{self.utilisateur} jusqu'au {self.jusqu_au}"


class Resume(models.Model):
    """A grouped mail that was put in the outbox: one per person, rhythm and day (or week, by its Monday)."""

    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="resumes")
    rythme = models.CharField(max_length=12, choices=Rythme.choices)
    periode = models.DateField("jour, ou lundi de la semaine")
    cree_le = models.DateTimeField("composé le", auto_now_add=True)

    class Meta:
        verbose_name = "résumé"
        verbose_name_plural = "résumés"
        constraints = [
            models.UniqueConstraint(fields=["utilisateur", "rythme", "periode"], name="resume_une_fois"),
            models.CheckConstraint(
                condition=Q(rythme="quotidien") | Q(rythme="hebdomadaire", periode__iso_week_day=1),
                name="resume_periode",
            ),
        ]

    def __str__(self):
        return f"{self.utilisateur}, {self.get_rythme_display()}, {self.periode}"


class Avis(models.Model):
    """One thing to tell one person, once: `cle` is unique for them, whatever becomes of it.

    attente → resume (in exactly one) | ecarte (no longer true, or no longer wanted); `aussitot`: its own mail left
    with the act. A row never comes back from the last three: every move is an UPDATE of what is `attente`.
    """

    class Etat(models.TextChoices):
        ATTENTE = "attente", "attend le prochain résumé"
        AUSSITOT = "aussitot", "envoyé tout de suite"
        RESUME = "resume", "dans un résumé"
        ECARTE = "ecarte", "écarté"

    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="avis")
    sorte = models.CharField(max_length=30)
    cle = models.CharField("clé d'unicité", max_length=120)
    objet_type = models.CharField(max_length=60, blank=True, help_text="app.modele de ce dont il parle.")
    objet_id = models.CharField(max_length=40, blank=True)
    titre = models.CharField(max_length=200, blank=True)
    lien = models.CharField(max_length=600, blank=True, help_text="Chemin de la page, dans le portail.")
    utile_avant = models.DateTimeField(null=True, blank=True, help_text="Passé ce moment, il ne sert plus à rien.")
    etat = models.CharField("état", max_length=8, choices=Etat.choices, default=Etat.ATTENTE)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    regle_le = models.DateTimeField("réglé le", null=True, blank=True)
    resume = models.ForeignKey(Resume, null=True, blank=True, on_delete=models.CASCADE, related_name="avis")

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        ordering = ["cree_le", "pk"]
        indexes = [models.Index(fields=["etat", "utilisateur"], name="avis_etat_utilisateur")]
        constraints = [
            models.UniqueConstraint(fields=["utilisateur", "cle"], name="avis_une_fois"),
            models.CheckConstraint(
                condition=Q(etat="attente", regle_le__isnull=True)
                | Q(etat__in=["aussitot", "resume", "ecarte"], regle_le__isnull=False),
                name="avis_regle",
            ),
            models.CheckConstraint(
                condition=Q(etat="resume", resume__isnull=False) | (~Q(etat="resume") & Q(resume__isnull=True)),
                name="avis_dans_un_resume",
            ),
        ]

    def __str__(self):
        return self.titre or self.cle
