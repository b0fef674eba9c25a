from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from annuaire.models import Competence
from ressources.querysets_benevolat import CreneauQuerySet, InscriptionBenevoleQuerySet, MissionQuerySet

from .annonce import Annonce

HEURES_MAX = 24
"""Of one shift, which never lasts longer."""


class Mission(models.Model):
    """What a structure seeks volunteers for, by shifts: the need is an announcement (nature bénévolat).

    Moderation, search, letter and expiry are the announcement's. « Passée » and « complète » are derived from the
    shifts. The event is free words, or the address of a page that tells it.
    """

    class Etat(models.TextChoices):
        OUVERTE = "ouverte", "ouverte"
        ANNULEE = "annulee", "annulée"

    annonce = models.OneToOneField(Annonce, on_delete=models.CASCADE, related_name="mission")
    evenement = models.CharField("événement", max_length=160, blank=True)
    lien = models.URLField("page de l'événement", max_length=200, blank=True)
    lieu = models.CharField(max_length=200, blank=True)
    consignes = models.TextField(blank=True, max_length=2000)
    competences = models.ManyToManyField(
        Competence, related_name="missions", blank=True, verbose_name="compétences utiles"
    )
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.OUVERTE)
    motif = models.CharField("raison de l'annulation", max_length=500, blank=True)
    cle = models.UUIDField(unique=True, help_text="Key of the form that was shown: a retried request writes once.")
    cree_le = models.DateTimeField("ouverte le", auto_now_add=True)
    modifie_le = models.DateTimeField("modifiée le", auto_now=True)

    objects = MissionQuerySet.as_manager()

    class Meta:
        verbose_name = "mission de bénévolat"
        verbose_name_plural = "missions de bénévolat"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(etat__in=["ouverte", "annulee"]), name="mission_etat_connu"),
        ]

    def __str__(self):
        return str(self.annonce)

    def get_absolute_url(self):
        return reverse("ressources:mission", args=[self.pk])

    @property
    def est_ouverte(self) -> bool:
        return self.etat == self.Etat.OUVERTE

    def personnes_attendues(self) -> int:
        """How many people hold or wait for a place in a shift to come."""
        actives = InscriptionBenevole.objects.actives().filter(creneau__mission=self, creneau__debut__gt=timezone.now())
        return actives.values("utilisateur").distinct().count()

    @property
    def accueille(self) -> bool:
        """Somebody new may take a place: not cancelled, and its announcement is in line."""
        annonce = self.annonce
        return self.est_ouverte and annonce.etat == annonce.Etat.PUBLIEE and not annonce.est_expiree


class Creneau(models.Model):
    """A shift of a mission. Instants are aware; pages show Europe/Paris.

    `places_prises` is kept by triggers (ressources/migrations/sql/benevolat.sql) from the registrations that hold a
    place, whatever writes them; the database refuses more than `places`.
    """

    class Etat(models.TextChoices):
        OUVERT = "ouvert", "ouvert"
        ANNULE = "annule", "annulé"

    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="creneaux")
    intitule = models.CharField("ce qu'on y fait", max_length=120, blank=True)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField()
    lieu = models.CharField(max_length=200, blank=True)
    places = models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(500)])
    places_prises = models.PositiveIntegerField(default=0, editable=False)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.OUVERT)
    motif = models.CharField("raison de l'annulation", max_length=500, blank=True)
    cle = models.UUIDField(help_text="Key of the form that was shown: a retried request writes once.")
    cree_le = models.DateTimeField("ajouté le", auto_now_add=True)
    modifie_le = models.DateTimeField("modifié le", auto_now=True)

    objects = CreneauQuerySet.as_manager()

    class Meta:
        verbose_name = "créneau de bénévolat"
        verbose_name_plural = "créneaux de bénévolat"
        ordering = ["debut", "fin", "pk"]
        indexes = [models.Index(fields=["debut"], condition=Q(etat="ouvert"), name="creneau_debut")]
        constraints = [
            models.CheckConstraint(condition=Q(fin__gt=F("debut")), name="creneau_ordre"),
            models.CheckConstraint(condition=Q(places__gte=1), name="creneau_places"),
            models.CheckConstraint(condition=Q(places_prises__lte=F("places")), name="creneau_jamais_depasse"),
            models.CheckConstraint(condition=Q(etat__in=["ouvert", "annule"]), name="creneau_etat_connu"),
            models.UniqueConstraint(
                fields=["mission", "debut", "fin", "intitule"], condition=Q(etat="ouvert"), name="creneau_une_fois"
            ),
        ]

    def __str__(self):
        return f"{self.intitule or self.mission}, {timezone.localtime(self.debut):%d/%m/%Y}"

    def get_absolute_url(self):
        return f"{reverse('ressources:mission', args=[self.mission_id])}#creneau-{self.pk}"

    @property
    def restant(self) -> int:
        return self.places - self.places_prises

    @property
    def est_complet(self) -> bool:
        return self.restant <= 0

    @property
    def a_commence(self) -> bool:
        return self.debut <= timezone.now()

    @property
    def est_ouvert(self) -> bool:
        """Not cancelled, not begun: places may be taken, given up, moved up."""
        return self.etat == self.Etat.OUVERT and not self.a_commence

    @property
    def duree(self):
        """In hours, Decimal with two decimals: what is proposed when the hours are noted."""
        return round(Decimal(int((self.fin - self.debut).total_seconds())) / 3600, 2)


class InscriptionBenevole(models.Model):
    """A person's place in a shift, or in its waiting list.

        inscrite → venue | absente      en_attente → inscrite      inscrite | en_attente → annulee

    `inscrite`, `venue` and `absente` hold a place. A person holds one registration a shift, and no two confirmed
    shifts that overlap (exclusion constraint on `periode`, copied from the shift by a trigger). `heures` is what the
    structure notes, `heures_benevole` what the person says. Erasing a person
    leaves the hours done, without them (ressources.effacement, before the account goes).
    """

    class Etat(models.TextChoices):
        INSCRITE = "inscrite", "place confirmée"
        EN_ATTENTE = "en_attente", "en liste d'attente"
        ANNULEE = "annulee", "annulée"
        VENUE = "venue", "est venu"
        ABSENTE = "absente", "n'est pas venu"

    class Origine(models.TextChoices):
        PERSONNE = "", "par la personne"
        STRUCTURE = "structure", "par la structure"
        CRENEAU = "creneau", "avec le créneau"

    creneau = models.ForeignKey(Creneau, on_delete=models.CASCADE, related_name="inscriptions")
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="inscriptions_benevoles",
    )
    periode = DateTimeRangeField(editable=False, null=True)
    nom = models.CharField(max_length=120, blank=True)
    telephone = models.CharField("téléphone donné pour ce créneau", max_length=30, blank=True)
    message = models.CharField(max_length=500, blank=True)
    etat = models.CharField("état", max_length=10, choices=Etat.choices)
    motif = models.CharField("raison", max_length=500, blank=True)
    annulee_par = models.CharField("annulée", max_length=10, choices=Origine.choices, blank=True, default="")
    heures = models.DecimalField(
        "heures notées par la structure", max_digits=4, decimal_places=2, null=True, blank=True
    )
    heures_benevole = models.DecimalField(
        "heures dites par la personne", max_digits=4, decimal_places=2, null=True, blank=True
    )
    mot_benevole = models.CharField("mot de la personne", max_length=500, blank=True)
    notee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    notee_le = models.DateTimeField("pointée le", null=True, blank=True)
    confirmee_le = models.DateTimeField("place confirmée le", null=True, blank=True)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)
    cle = models.UUIDField(unique=True, help_text="Key of the form that was shown: a retried request writes once.")
    cree_le = models.DateTimeField("demandée le", auto_now_add=True)
    modifie_le = models.DateTimeField("modifiée le", auto_now=True)

    objects = InscriptionBenevoleQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription d'un bénévole"
        verbose_name_plural = "inscriptions de bénévoles"
        ordering = ["cree_le", "pk"]
        indexes = [
            models.Index(fields=["creneau", "etat", "cree_le"], name="inscription_creneau"),
            models.Index(fields=["cree_le"], condition=Q(etat="en_attente"), name="inscription_attente"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["creneau", "utilisateur"], condition=~Q(etat="annulee"), name="inscription_une_par_creneau"
            ),
            ExclusionConstraint(
                name="inscription_jamais_deux",
                expressions=[("utilisateur", RangeOperators.EQUAL), ("periode", RangeOperators.OVERLAPS)],
                condition=Q(etat__in=["inscrite", "venue"]),
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["inscrite", "en_attente", "annulee", "venue", "absente"]),
                name="inscription_etat_connu",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["inscrite", "en_attente"]) | Q(utilisateur__isnull=False),
                name="inscription_de_quelqu_un",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["inscrite", "venue", "absente"]) | Q(confirmee_le__isnull=False),
                name="inscription_confirmee_datee",
            ),
            models.CheckConstraint(
                condition=~Q(etat="annulee") | Q(annulee_le__isnull=False), name="inscription_annulee_datee"
            ),
            models.CheckConstraint(
                condition=(Q(heures__isnull=True) | Q(heures__gte=0, heures__lte=HEURES_MAX, etat="venue"))
                & (Q(heures_benevole__isnull=True) | Q(heures_benevole__gte=0, heures_benevole__lte=HEURES_MAX)),
                name="inscription_heures",
            ),
        ]

    def __str__(self):
        return self.nom or "Personne effacée"

    def get_absolute_url(self):
        return reverse("ressources:place_benevole", args=[self.pk])

    @property
    def est_active(self) -> bool:
        """Confirmed or waiting for a shift that has not been noted."""
        return self.etat in (self.Etat.INSCRITE, self.Etat.EN_ATTENTE)

    @property
    def heures_contestees(self) -> bool:
        """The person says other hours than the structure."""
        return self.heures_benevole is not None and self.heures_benevole != (self.heures or 0)

    @property
    def heures_dites_par_les_deux(self) -> bool:
        return self.heures is not None and self.heures_benevole == self.heures
