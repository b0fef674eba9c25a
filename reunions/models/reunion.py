import uuid

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from annuaire.models import Commune, Structure
from pole_ess.socle.stockage import prive
from reunions.querysets import DocumentQuerySet, ReunionQuerySet


def _chemin_prive(_objet, _nom):
    return f"reunions/{uuid.uuid4().hex}"


class Reunion(models.Model):
    """A meeting of the hub: from its invitation to its published minutes.

        brouillon → annoncee → tenue      brouillon | annoncee → annulee

    `uid` and `sequence` are those of its iCalendar event (RFC 5546): the UID never changes, the SEQUENCE grows with
    each change that invited people must learn. Instants are shown in Europe/Paris.
    """

    class Genre(models.TextChoices):
        COLLECTIVE = "collective", "réunion collective"
        VISITE = "visite", "visite de structure"
        FORUM = "forum", "forum"
        FORMATION = "formation", "formation"
        DEBAT = "debat", "débat"
        COMITE = "comite", "comité"

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", "en préparation"
        ANNONCEE = "annoncee", "annoncée"
        TENUE = "tenue", "tenue"
        ANNULEE = "annulee", "annulée"

    class Audience(models.TextChoices):
        PUBLIQUE = "publique", "tout le monde"
        MEMBRES = "membres", "les membres du portail"
        INVITES = "invites", "les personnes invitées"

    genre = models.CharField("type de rencontre", max_length=10, choices=Genre.choices, default=Genre.COLLECTIVE)
    titre = models.CharField(max_length=160)
    objectif = models.TextField(blank=True, max_length=4000)
    debut = models.DateTimeField("début", null=True, blank=True)
    fin = models.DateTimeField(null=True, blank=True)
    lieu = models.CharField(max_length=160, blank=True)
    adresse = models.CharField(max_length=200, blank=True)
    commune = models.ForeignKey(Commune, null=True, blank=True, on_delete=models.PROTECT, related_name="reunions")
    accessible_pmr = models.BooleanField("accessible en fauteuil (PMR)", default=False)
    acces = models.TextField("pour venir", blank=True, max_length=1000)
    structure_hote = models.ForeignKey(
        Structure,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reunions_accueillies",
        verbose_name="structure qui accueille",
    )
    projet = models.ForeignKey(
        "reunions.Projet", null=True, blank=True, on_delete=models.SET_NULL, related_name="reunions"
    )
    precedente = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="suivantes",
        verbose_name="fait suite à",
        help_text="Son compte rendu y est approuvé ; ses actions en retard ouvrent l'ordre du jour.",
    )
    jauge = models.PositiveIntegerField("places", null=True, blank=True, validators=[MinValueValidator(1)])
    audience = models.CharField("ouverte à", max_length=10, choices=Audience.choices, default=Audience.PUBLIQUE)
    courriel_organisateur = models.EmailField("adresse de l'organisateur", blank=True)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.BROUILLON)
    motif = models.TextField("raison de l'annulation", blank=True, max_length=1000)
    annoncee_le = models.DateTimeField("annoncée le", null=True, blank=True)
    close_le = models.DateTimeField("tenue ou annulée le", null=True, blank=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    cle = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, help_text="Key of the form: a retried request writes once."
    )
    est_demonstration = models.BooleanField("exemple de démonstration", default=False)
    cree_le = models.DateTimeField("créée le", auto_now_add=True)
    modifie_le = models.DateTimeField("modifiée le", auto_now=True)

    objects = ReunionQuerySet.as_manager()

    class Meta:
        verbose_name = "rencontre"
        verbose_name_plural = "rencontres"
        ordering = ["-debut", "-pk"]
        indexes = [models.Index(fields=["etat", "debut"], name="reunion_etat_debut")]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=["brouillon", "annoncee", "tenue", "annulee"]), name="reunion_etat_connu"
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["brouillon", "annulee"]) | Q(debut__isnull=False), name="reunion_datee"
            ),
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(debut__isnull=False, fin__gt=F("debut")), name="reunion_ordre"
            ),
            models.CheckConstraint(condition=Q(jauge__isnull=True) | Q(jauge__gte=1), name="reunion_jauge"),
            models.CheckConstraint(condition=~Q(precedente=F("id")), name="reunion_pas_sa_suite"),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("reunions:reunion_detail", args=[self.pk])

    @property
    def est_passee(self) -> bool:
        """Its end (its start, when it has none) is past."""
        return self.debut is not None and (self.fin or self.debut) < timezone.now()

    @property
    def atelier_rendu(self):
        """Its workshop once the results are given back, else None."""
        atelier = getattr(self, "atelier", None)
        return atelier if atelier is not None and atelier.est_rendu else None

    @property
    def est_ouverte(self) -> bool:
        """One may still say whether one comes."""
        return self.etat == self.Etat.ANNONCEE and not self.est_passee


class AnimateurReunion(models.Model):
    """Somebody who runs the meeting, as its minutes name them: never shown to visitors by name."""

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="animateurs")
    ordre = models.PositiveSmallIntegerField(default=0)
    nom = models.CharField(max_length=120, blank=True)
    organisation = models.CharField(max_length=160, blank=True)
    fonction = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = "animateur d'une rencontre"
        verbose_name_plural = "animateurs des rencontres"
        ordering = ["ordre", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(nom="", organisation="", fonction=""), name="animateur_non_vide")
        ]

    def __str__(self):
        return self.nom or self.fonction or self.organisation


class PointOrdreDuJour(models.Model):
    """One point of an agenda, in order."""

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="points")
    ordre = models.PositiveSmallIntegerField(default=0)
    titre = models.CharField(max_length=200)
    details = models.TextField("détails", blank=True, max_length=2000)
    duree_minutes = models.PositiveSmallIntegerField("durée (minutes)", null=True, blank=True)
    action = models.ForeignKey(
        "reunions.Action", null=True, blank=True, on_delete=models.SET_NULL, related_name="points"
    )

    class Meta:
        verbose_name = "point de l'ordre du jour"
        verbose_name_plural = "points de l'ordre du jour"
        ordering = ["ordre", "pk"]

    def __str__(self):
        return self.titre


class Document(models.Model):
    """A file of a meeting: private storage, served through a view that checks its audience."""

    class Audience(models.TextChoices):
        PUBLIC = "public", "tout le monde"
        MEMBRES = "membres", "les membres du portail"
        EQUIPE = "equipe", "l'équipe"

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="documents")
    fichier = models.FileField(upload_to=_chemin_prive, storage=prive)
    nom = models.CharField("nom du fichier", max_length=160)
    titre = models.CharField(max_length=160, blank=True)
    type_mime = models.CharField(max_length=100)
    taille = models.PositiveIntegerField(help_text="Bytes.")
    audience = models.CharField("visible par", max_length=10, choices=Audience.choices, default=Audience.MEMBRES)
    cree_le = models.DateTimeField(auto_now_add=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document d'une rencontre"
        verbose_name_plural = "documents des rencontres"
        ordering = ["cree_le", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(audience__in=["public", "membres", "equipe"]), name="document_audience")
        ]

    def __str__(self):
        return self.titre or self.nom
