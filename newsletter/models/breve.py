import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse

from annuaire.models import Structure
from newsletter.querysets import BreveQuerySet

TEXTE_MAX = 600


class Breve(models.Model):
    """A short piece of news of an actor: on its sheet, on the news page, in the letter. Moderated as announcements are.

    brouillon → a_valider → publiee → retiree | archivee      a_valider → a_corriger | refusee
    """

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", "brouillon"
        A_VALIDER = "a_valider", "à valider"
        A_CORRIGER = "a_corriger", "à corriger"
        PUBLIEE = "publiee", "publiée"
        RETIREE = "retiree", "retirée"
        REFUSEE = "refusee", "refusée"
        ARCHIVEE = "archivee", "archivée"

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="breves")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="breves"
    )
    titre = models.CharField(max_length=100)
    texte = models.TextField(max_length=TEXTE_MAX, help_text="600 caractères au plus.")
    lien = models.URLField("pour en savoir plus", blank=True)
    photo = models.ImageField(upload_to="breves/", blank=True, help_text="1600 px at most, re-encoded.")
    vignette = models.ImageField(upload_to="breves/", blank=True, help_text="480 px at most, for cards and the letter.")
    alternative = models.CharField("description de la photo", max_length=200, blank=True)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.BROUILLON)
    motif = models.TextField(blank=True, max_length=1000)
    vigilance = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, verbose_name="mots de vigilance trouvés"
    )
    soumise_le = models.DateTimeField("à valider depuis", null=True, blank=True)
    a_relire_depuis = models.DateTimeField("modifiée en ligne, à relire depuis", null=True, blank=True)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    close_le = models.DateTimeField("retirée ou archivée le", null=True, blank=True)
    cle = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, help_text="Key of the form: a retried request writes once."
    )
    est_demonstration = models.BooleanField("exemple de démonstration", default=False)
    cree_le = models.DateTimeField("créée le", auto_now_add=True)
    modifie_le = models.DateTimeField("modifiée le", auto_now=True)

    objects = BreveQuerySet.as_manager()

    class Meta:
        verbose_name = "brève"
        verbose_name_plural = "brèves"
        ordering = ["-publiee_le", "-pk"]
        indexes = [
            models.Index(fields=["-publiee_le", "-id"], condition=Q(etat="publiee"), name="breve_publiee"),
            models.Index(fields=["etat", "soumise_le"], name="breve_etat"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    etat__in=["brouillon", "a_valider", "a_corriger", "publiee", "retiree", "refusee", "archivee"]
                ),
                name="breve_etat_connu",
            ),
            models.CheckConstraint(condition=~Q(titre=""), name="breve_titre"),
            models.CheckConstraint(condition=LessThanOrEqual(Length("texte"), TEXTE_MAX), name="breve_600_caracteres"),
            models.CheckConstraint(
                condition=~Q(etat="publiee") | Q(publiee_le__isnull=False), name="breve_publiee_datee"
            ),
            models.CheckConstraint(
                condition=~Q(etat="a_valider") | Q(soumise_le__isnull=False), name="breve_soumise_datee"
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["retiree", "archivee"]) | Q(close_le__isnull=False), name="breve_close_datee"
            ),
            models.CheckConstraint(
                condition=Q(photo="") | ~Q(alternative="") & ~Q(vignette=""), name="breve_photo_decrite"
            ),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("newsletter:breve", args=[self.pk])

    @property
    def modifiable(self) -> bool:
        """Its words may still change."""
        return self.etat in (self.Etat.BROUILLON, self.Etat.A_VALIDER, self.Etat.A_CORRIGER, self.Etat.PUBLIEE)
