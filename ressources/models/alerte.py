from django.conf import settings
from django.db import models
from django.db.models import Q

from annuaire.models import Structure
from ressources.querysets_rapprochements import RapprochementQuerySet

from .annonce import Annonce


class Alerte(models.Model):
    """A saved search: what is new in it is mailed, each announcement once."""

    class Frequence(models.TextChoices):
        QUOTIDIENNE = "quotidienne", "chaque jour"
        HEBDOMADAIRE = "hebdomadaire", "chaque semaine"

    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alertes")
    nom = models.CharField(max_length=120)
    criteres = models.CharField(max_length=1000, blank=True, help_text="Canonical query string of the search.")
    frequence = models.CharField("fréquence", max_length=12, choices=Frequence.choices, default=Frequence.HEBDOMADAIRE)
    active = models.BooleanField(default=True)
    derniere_le = models.DateTimeField("dernier envoi", null=True, blank=True)
    cree_le = models.DateTimeField("créée le", auto_now_add=True)

    class Meta:
        verbose_name = "alerte"
        verbose_name_plural = "alertes"
        ordering = ["nom", "pk"]
        constraints = [models.UniqueConstraint(fields=["utilisateur", "criteres"], name="alerte_une_fois")]

    def __str__(self):
        return self.nom


class AlerteEnvoi(models.Model):
    """An announcement already mailed, or already there when the alert was made: it is not mailed again."""

    alerte = models.ForeignKey(Alerte, on_delete=models.CASCADE, related_name="envois")
    annonce = models.ForeignKey(Annonce, on_delete=models.CASCADE, related_name="+")
    envoye_le = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "annonce envoyée par une alerte"
        verbose_name_plural = "annonces envoyées par les alertes"
        constraints = [models.UniqueConstraint(fields=["alerte", "annonce"], name="alerte_envoi_une_fois")]

    def __str__(self):
        return f"{self.alerte} : {self.annonce}"


class Rapprochement(models.Model):
    """What is remembered of a match: already told to a side, or « pas pour nous ». Matches themselves are computed.

    A need with an offer, or a need with a structure whose sheet has the skill and which has posted nothing.
    """

    besoin = models.ForeignKey(Annonce, on_delete=models.CASCADE, related_name="rapprochements_du_besoin")
    offre = models.ForeignKey(
        Annonce, null=True, blank=True, on_delete=models.CASCADE, related_name="rapprochements_de_l_offre"
    )
    structure = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.CASCADE, related_name="rapprochements"
    )
    annonce_au_besoin_le = models.DateTimeField("annoncé à qui cherche", null=True, blank=True)
    annonce_a_l_offre_le = models.DateTimeField("annoncé à qui propose", null=True, blank=True)
    ecarte_par_besoin_le = models.DateTimeField("écarté par qui cherche", null=True, blank=True)
    ecarte_par_offre_le = models.DateTimeField("écarté par qui propose", null=True, blank=True)
    cree_le = models.DateTimeField(auto_now_add=True)

    objects = RapprochementQuerySet.as_manager()

    class Meta:
        verbose_name = "rapprochement"
        verbose_name_plural = "rapprochements"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(offre__isnull=False, structure__isnull=True)
                | Q(offre__isnull=True, structure__isnull=False),
                name="rapprochement_offre_ou_structure",
            ),
            models.UniqueConstraint(fields=["besoin", "offre"], name="rapprochement_offre_une_fois"),
            models.UniqueConstraint(fields=["besoin", "structure"], name="rapprochement_structure_une_fois"),
        ]

    def __str__(self):
        return f"{self.besoin} ↔ {self.offre or self.structure}"


class PreferenceRapprochements(models.Model):
    """How often a person wants the digest of new matches of their structures. No row: every week."""

    class Frequence(models.TextChoices):
        JAMAIS = "jamais", "jamais"
        QUOTIDIENNE = "quotidienne", "chaque jour"
        HEBDOMADAIRE = "hebdomadaire", "chaque semaine"

    utilisateur = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference_rapprochements"
    )
    frequence = models.CharField("fréquence", max_length=12, choices=Frequence.choices, default=Frequence.HEBDOMADAIRE)
    derniere_le = models.DateTimeField("dernier envoi", null=True, blank=True)

    class Meta:
        verbose_name = "préférence de rapprochements"
        verbose_name_plural = "préférences de rapprochements"

    def __str__(self):
        return f"{self.utilisateur} : {self.get_frequence_display()}"
