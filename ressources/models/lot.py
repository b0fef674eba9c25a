from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from annuaire.models import Structure
from ressources.querysets_lots import EtapeQuerySet, PartDeLotQuerySet, TourneeQuerySet

from .annonce import Annonce


class PartDeLot(models.Model):
    """What one structure asks for, or takes, of a batch (« 5 of the 20 computers »).

        demandee → attribuee → remise      demandee → en_attente → attribuee      * → refusee | annulee

    `attribuee` and `remise` count in Annonce.quantite_prise, written in the same transaction under the lock of
    the announcement: the database refuses more than the batch holds.
    """

    class Etat(models.TextChoices):
        DEMANDEE = "demandee", "demandée"
        EN_ATTENTE = "en_attente", "en liste d'attente"
        ATTRIBUEE = "attribuee", "attribuée"
        REMISE = "remise", "remise"
        REFUSEE = "refusee", "refusée"
        ANNULEE = "annulee", "annulée"

    annonce = models.ForeignKey(Annonce, on_delete=models.CASCADE, related_name="parts")
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="parts_de_lot")
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    quantite = models.PositiveIntegerField("quantité", validators=[MinValueValidator(1)])
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.DEMANDEE)
    message = models.TextField(blank=True, max_length=2000)
    motif = models.CharField(max_length=500, blank=True)
    cle = models.UUIDField(unique=True, help_text="Key of the form that was shown: a retried request writes once.")
    cree_le = models.DateTimeField("demandée le", auto_now_add=True)
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)
    remise_le = models.DateTimeField(null=True, blank=True)

    objects = PartDeLotQuerySet.as_manager()

    class Meta:
        verbose_name = "part de lot"
        verbose_name_plural = "parts de lots"
        ordering = ["cree_le", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantite__gte=1), name="part_quantite"),
            models.UniqueConstraint(
                fields=["annonce", "structure"],
                condition=Q(etat__in=["demandee", "en_attente", "attribuee"]),
                name="part_une_en_cours",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["demandee", "en_attente", "attribuee", "remise", "refusee", "annulee"]),
                name="part_etat_connu",
            ),
            models.CheckConstraint(condition=~Q(etat="remise") | Q(remise_le__isnull=False), name="part_remise_datee"),
        ]

    def __str__(self):
        return f"{self.quantite} × {self.annonce} pour {self.structure}"

    @property
    def est_en_cours(self) -> bool:
        """Asked, waiting or attributed: neither handed over nor closed."""
        return self.etat in (self.Etat.DEMANDEE, self.Etat.EN_ATTENTE, self.Etat.ATTRIBUEE)


class Tournee(models.Model):
    """An artist's trip: open dates, and the structures near one another that want one of them."""

    class Etat(models.TextChoices):
        OUVERTE = "ouverte", "ouverte"
        CONFIRMEE = "confirmee", "confirmée"
        TERMINEE = "terminee", "terminée"
        ANNULEE = "annulee", "annulée"

    annonce = models.ForeignKey(Annonce, on_delete=models.CASCADE, related_name="tournees")
    nom = models.CharField(max_length=120)
    debut = models.DateField("du")
    fin = models.DateField("au")
    rayon = models.PositiveSmallIntegerField(
        "distance entre deux étapes (km)", default=30, validators=[MinValueValidator(1)]
    )
    etapes_min = models.PositiveSmallIntegerField("étapes au moins", default=2, validators=[MinValueValidator(1)])
    precisions = models.TextField("précisions", blank=True, max_length=2000)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.OUVERTE)
    cle = models.UUIDField(unique=True, help_text="Key of the form that was shown: a retried request writes once.")
    cree_le = models.DateTimeField("proposée le", auto_now_add=True)

    objects = TourneeQuerySet.as_manager()

    class Meta:
        verbose_name = "tournée"
        verbose_name_plural = "tournées"
        ordering = ["debut", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(debut__lte=models.F("fin")), name="tournee_ordre"),
            models.CheckConstraint(condition=Q(rayon__gte=1, etapes_min__gte=1), name="tournee_bornes"),
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("ressources:tournee", args=[self.pk])

    @property
    def est_vivante(self) -> bool:
        """Stages can still be wished, retained or given up."""
        return self.etat in (self.Etat.OUVERTE, self.Etat.CONFIRMEE) and self.fin >= timezone.localdate()


class Etape(models.Model):
    """A structure wants the artist of a tour on one of `jours`; `jour` is the one retained, at most one a day."""

    class Etat(models.TextChoices):
        SOUHAITEE = "souhaitee", "souhaitée"
        RETENUE = "retenue", "retenue"
        DECLINEE = "declinee", "déclinée"
        ANNULEE = "annulee", "annulée"

    tournee = models.ForeignKey(Tournee, on_delete=models.CASCADE, related_name="etapes")
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="etapes")
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    jour = models.DateField("jour retenu", null=True, blank=True)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.SOUHAITEE)
    message = models.TextField(blank=True, max_length=2000)
    motif = models.CharField(max_length=500, blank=True)
    cree_le = models.DateTimeField(auto_now_add=True)

    objects = EtapeQuerySet.as_manager()

    class Meta:
        verbose_name = "étape"
        verbose_name_plural = "étapes"
        ordering = ["jour", "cree_le", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tournee", "structure"], name="etape_une_par_structure"),
            models.UniqueConstraint(fields=["tournee", "jour"], condition=Q(etat="retenue"), name="etape_une_par_jour"),
            models.CheckConstraint(
                condition=Q(etat="retenue", jour__isnull=False) | (~Q(etat="retenue") & Q(jour__isnull=True)),
                name="etape_retenue_datee",
            ),
        ]

    def __str__(self):
        return f"{self.structure}, {self.tournee}"


class JourSouhaite(models.Model):
    """A day that suits the structure of a stage."""

    etape = models.ForeignKey(Etape, on_delete=models.CASCADE, related_name="jours")
    jour = models.DateField()

    class Meta:
        verbose_name = "jour souhaité"
        verbose_name_plural = "jours souhaités"
        ordering = ["jour", "pk"]
        constraints = [models.UniqueConstraint(fields=["etape", "jour"], name="jour_souhaite_unique")]

    def __str__(self):
        return f"{self.jour:%d/%m/%Y}"
