from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from reunions.querysets import CompteRenduQuerySet

from .reunion import Reunion


class CompteRendu(models.Model):
    """The minutes of a meeting.

        brouillon → relu → publie → approuve      publie → brouillon (a new version is being written)

    Figures are never edited: they come from the meeting, and are frozen in each version.
    """

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", "brouillon"
        RELU = "relu", "relu"
        PUBLIE = "publie", "publié"
        APPROUVE = "approuve", "approuvé"

    reunion = models.OneToOneField(Reunion, on_delete=models.CASCADE, related_name="compte_rendu")
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.BROUILLON)
    relu_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    relu_le = models.DateTimeField(null=True, blank=True)
    publie_le = models.DateTimeField("publié le", null=True, blank=True)
    approuve_a = models.ForeignKey(
        Reunion, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name="approuvé à"
    )
    approuve_le = models.DateField("approuvé le", null=True, blank=True)
    corrections = models.TextField("corrections notées à l'approbation", blank=True, max_length=4000)
    cree_le = models.DateTimeField(auto_now_add=True)
    modifie_le = models.DateTimeField(auto_now=True)

    objects = CompteRenduQuerySet.as_manager()

    class Meta:
        verbose_name = "compte rendu"
        verbose_name_plural = "comptes rendus"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=["brouillon", "relu", "publie", "approuve"]), name="compte_rendu_etat_connu"
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["publie", "approuve"]) | Q(publie_le__isnull=False),
                name="compte_rendu_publie_date",
            ),
            models.CheckConstraint(
                condition=~Q(etat="approuve") | Q(approuve_le__isnull=False), name="compte_rendu_approuve_date"
            ),
        ]

    def __str__(self):
        return f"Compte rendu de « {self.reunion} »"

    def get_absolute_url(self):
        return reverse("reunions:compte_rendu", args=[self.reunion_id])

    @property
    def s_ecrit(self) -> bool:
        """Its words may change: not published as they are."""
        return self.etat in (self.Etat.BROUILLON, self.Etat.RELU)


class SectionCompteRendu(models.Model):
    """A part of the minutes that people write, in Markdown; `version` refuses to write over somebody else's words."""

    compte_rendu = models.ForeignKey(CompteRendu, on_delete=models.CASCADE, related_name="sections")
    ordre = models.PositiveSmallIntegerField(default=0)
    titre = models.CharField(max_length=160)
    texte = models.TextField(blank=True, max_length=20000)
    version = models.PositiveIntegerField(default=1)
    modifie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    modifie_le = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "section d'un compte rendu"
        verbose_name_plural = "sections des comptes rendus"
        ordering = ["ordre", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(titre=""), name="section_titree")]

    def __str__(self):
        return self.titre


class VersionCompteRendu(models.Model):
    """What was published, whole: `instantane` holds words and figures as they were (reunions.compte_rendu)."""

    compte_rendu = models.ForeignKey(CompteRendu, on_delete=models.CASCADE, related_name="versions")
    numero = models.PositiveIntegerField()
    instantane = models.JSONField(help_text="The frozen minutes: the layout is that of reunions.compte_rendu.")
    note = models.CharField("ce qui change", max_length=300, blank=True)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    cree_le = models.DateTimeField("publiée le", auto_now_add=True)

    class Meta:
        verbose_name = "version d'un compte rendu"
        verbose_name_plural = "versions des comptes rendus"
        ordering = ["-numero"]
        constraints = [
            models.UniqueConstraint(fields=["compte_rendu", "numero"], name="version_compte_rendu_unique"),
            models.CheckConstraint(condition=Q(numero__gte=1), name="version_compte_rendu_numero"),
        ]

    def __str__(self):
        return f"{self.compte_rendu}, version {self.numero}"
