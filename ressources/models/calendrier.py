import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from annuaire.models import Structure
from pole_ess.socle.stockage import prive
from ressources.querysets import FermetureQuerySet, ReservationQuerySet

from .annonce import Annonce
from .moderation import nouveau_jeton
from .relation import MiseEnRelation


def _chemin_prive(_objet, _nom):
    return f"reservations/{uuid.uuid4().hex}"


class Calendrier(models.Model):
    """The rules by which one lent or rented resource is booked; the row that every confirmation locks first."""

    class Genre(models.TextChoices):
        EXCLUSIF = "exclusif", "un emprunteur à la fois"
        POOL = "pool", "plusieurs, selon la quantité"

    class Pas(models.TextChoices):
        JOUR = "jour", "par jours entiers"
        HEURE = "heure", "par heures"

    annonce = models.OneToOneField(Annonce, on_delete=models.CASCADE, related_name="calendrier")
    genre = models.CharField(max_length=8, choices=Genre.choices, default=Genre.EXCLUSIF)
    capacite = models.PositiveIntegerField(
        "quantité réservable",
        default=1,
        validators=[MinValueValidator(1)],
        help_text="Combien peuvent sortir à la fois ; 1 quand il n'y en a qu'un.",
    )
    pas = models.CharField("réservation", max_length=5, choices=Pas.choices, default=Pas.JOUR)
    battement_heures = models.PositiveSmallIntegerField(
        "battement (heures)", default=0, help_text="Temps gardé libre après chaque retour."
    )
    preavis_jours = models.PositiveSmallIntegerField("préavis (jours)", default=0)
    duree_max_jours = models.PositiveSmallIntegerField("durée maximale (jours)", null=True, blank=True)
    horizon_jours = models.PositiveSmallIntegerField("réservable jusqu'à (jours à l'avance)", default=365)
    consignes = models.TextField("consignes pour le retrait et le retour", blank=True, max_length=2000)
    actif = models.BooleanField("ouvert aux réservations", default=True)
    jeton_agenda = models.CharField(
        max_length=40, unique=True, default=nouveau_jeton, help_text="Secret of the resource's iCalendar feed."
    )
    modifie_le = models.DateTimeField(auto_now=True, help_text="Also moved when a closure is removed.")

    class Meta:
        verbose_name = "calendrier"
        verbose_name_plural = "calendriers"
        constraints = [
            models.CheckConstraint(
                condition=Q(genre="pool", capacite__gte=1) | Q(genre="exclusif", capacite=1),
                name="calendrier_capacite",
            ),
            models.CheckConstraint(
                condition=Q(duree_max_jours__isnull=True) | Q(duree_max_jours__gte=1), name="calendrier_duree"
            ),
        ]

    def __str__(self):
        return f"Calendrier de « {self.annonce} »"


class Fermeture(models.Model):
    """A period when the resource cannot be booked (closure, repair), or a warning that is only shown."""

    class Genre(models.TextChoices):
        FERMETURE = "fermeture", "fermeture"
        PANNE = "panne", "panne, réparation"
        AVIS = "avis", "avis, sans bloquer"

    calendrier = models.ForeignKey(Calendrier, on_delete=models.CASCADE, related_name="fermetures")
    genre = models.CharField(max_length=10, choices=Genre.choices, default=Genre.FERMETURE)
    periode = DateTimeRangeField(help_text="[), aware instants; whole days of Europe/Paris when set by days.")
    motif = models.CharField(max_length=200, blank=True)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    cree_le = models.DateTimeField(auto_now_add=True)
    modifie_le = models.DateTimeField(auto_now=True)

    objects = FermetureQuerySet.as_manager()

    class Meta:
        verbose_name = "fermeture"
        verbose_name_plural = "fermetures"
        ordering = ["periode", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(periode__isempty=False)
                & Q(periode__lower_inf=False)
                & Q(periode__upper_inf=False)
                & Q(periode__lower_inc=True)
                & Q(periode__upper_inc=False),
                name="fermeture_periode_finie",
            )
        ]

    def __str__(self):
        return f"{self.get_genre_display()} : {self.calendrier.annonce}"

    @property
    def bloque(self) -> bool:
        """A warning (« avis ») is only shown."""
        return self.genre != self.Genre.AVIS


class Reservation(models.Model):
    """A structure borrows or rents a resource for a period.

        demandee → confirmee → remise → rendue      demandee → refusee | annulee      confirmee → annulee | non_venue

    Only confirmed and handed-over rows block: requests may overlap. `blocage` is `periode` and the buffer after
    it; on an exclusive resource the database lets no two of them overlap, on a pool a trigger refuses a peak
    above the capacity. « En retard » is derived; a late return does not move the blocked range.
    """

    class Etat(models.TextChoices):
        DEMANDEE = "demandee", "demandée"
        CONFIRMEE = "confirmee", "confirmée"
        REMISE = "remise", "remise à l'emprunteur"
        RENDUE = "rendue", "rendue"
        REFUSEE = "refusee", "refusée"
        ANNULEE = "annulee", "annulée"
        NON_VENUE = "non_venue", "personne n'est venu"

    class EtatCaution(models.TextChoices):
        SANS_OBJET = "sans_objet", "sans caution"
        A_RECEVOIR = "a_recevoir", "à recevoir"
        RECUE = "recue", "reçue"
        RENDUE = "rendue", "rendue"
        RETENUE = "retenue", "retenue"

    class EtatRetour(models.TextChoices):
        CONFORME = "conforme", "en bon état"
        USE = "use", "usure normale"
        ABIME = "abime", "abîmé"
        INCOMPLET = "incomplet", "incomplet"

    calendrier = models.ForeignKey(Calendrier, on_delete=models.CASCADE, related_name="reservations")
    exclusive = models.BooleanField(editable=False, help_text="Copied from the calendar: the constraint reads it.")
    structure = models.ForeignKey(
        Structure, on_delete=models.CASCADE, related_name="reservations", verbose_name="emprunteur"
    )
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="reservations"
    )
    mise_en_relation = models.ForeignKey(
        MiseEnRelation, null=True, blank=True, on_delete=models.SET_NULL, related_name="reservations"
    )
    quantite = models.PositiveIntegerField("quantité", default=1, validators=[MinValueValidator(1)])
    periode = DateTimeRangeField(help_text="[), aware instants.")
    blocage = DateTimeRangeField(help_text="[), the period and the buffer after it.")
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.DEMANDEE)
    message = models.TextField(blank=True, max_length=2000)
    motif = models.CharField("motif", max_length=500, blank=True)
    prolongation_jusqu_au = models.DateTimeField("prolongation demandée jusqu'au", null=True, blank=True)
    caution = models.DecimalField("caution (€)", max_digits=8, decimal_places=2, null=True, blank=True)
    etat_caution = models.CharField(max_length=10, choices=EtatCaution.choices, default=EtatCaution.SANS_OBJET)
    prix_convenu = models.DecimalField("prix convenu (€)", max_digits=9, decimal_places=2, null=True, blank=True)
    constat_depart = models.TextField("constat à la remise", blank=True, max_length=2000)
    etat_retour = models.CharField("état au retour", max_length=10, choices=EtatRetour.choices, blank=True)
    constat_retour = models.TextField("constat au retour", blank=True, max_length=2000)
    quantite_rendue = models.PositiveIntegerField("quantité rendue", null=True, blank=True)
    remise_le = models.DateTimeField(null=True, blank=True)
    rendue_le = models.DateTimeField(null=True, blank=True)
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)
    rappelee_le = models.DateField(null=True, blank=True)
    cle = models.UUIDField(unique=True, help_text="Key of the form that was shown: a retried request writes once.")
    cree_le = models.DateTimeField("demandée le", auto_now_add=True)
    modifie_le = models.DateTimeField(auto_now=True)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        verbose_name = "réservation"
        verbose_name_plural = "réservations"
        ordering = ["periode", "pk"]
        indexes = [models.Index(fields=["structure", "etat"], name="reservation_structure")]
        constraints = [
            ExclusionConstraint(
                name="reservation_jamais_deux",
                expressions=[("calendrier", RangeOperators.EQUAL), ("blocage", RangeOperators.OVERLAPS)],
                condition=Q(exclusive=True, etat__in=["confirmee", "remise"]),
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["demandee", "confirmee", "remise", "rendue", "refusee", "annulee", "non_venue"]),
                name="reservation_etat_connu",
            ),
            models.CheckConstraint(
                condition=Q(periode__isempty=False)
                & Q(periode__lower_inf=False)
                & Q(periode__upper_inf=False)
                & Q(periode__lower_inc=True)
                & Q(periode__upper_inc=False),
                name="reservation_periode_finie",
            ),
            models.CheckConstraint(
                condition=Q(blocage__contains=F("periode"))
                & Q(blocage__lower_inf=False)
                & Q(blocage__upper_inf=False)
                & Q(blocage__lower_inc=True)
                & Q(blocage__upper_inc=False),
                name="reservation_blocage_entier",
            ),
            models.CheckConstraint(condition=Q(quantite__gte=1), name="reservation_quantite"),
            models.CheckConstraint(condition=Q(exclusive=False) | Q(quantite=1), name="reservation_exclusive_une"),
            models.CheckConstraint(
                condition=(~Q(etat__in=["remise", "rendue"]) | Q(remise_le__isnull=False))
                & (~Q(etat="rendue") | Q(rendue_le__isnull=False)),
                name="reservation_datee",
            ),
        ]

    def __str__(self):
        return f"{self.calendrier.annonce} pour {self.structure}"

    def get_absolute_url(self):
        return reverse("ressources:reservation", args=[self.pk])

    @property
    def bloque(self) -> bool:
        return self.etat in (self.Etat.CONFIRMEE, self.Etat.REMISE)

    @property
    def a_convention(self) -> bool:
        """A loan agreement can be signed for it, or was."""
        return self.etat in (self.Etat.CONFIRMEE, self.Etat.REMISE, self.Etat.RENDUE)

    @property
    def est_en_retard(self) -> bool:
        """Handed over, and its period is past."""
        return self.etat == self.Etat.REMISE and self.periode.upper <= timezone.now()


class PhotoReservation(models.Model):
    """A photo of the condition at hand-over or return; private: the two structures and staff see it."""

    class Moment(models.TextChoices):
        REMISE = "remise", "à la remise"
        RETOUR = "retour", "au retour"

    reservation = models.ForeignKey(Reservation, on_delete=models.CASCADE, related_name="photos")
    moment = models.CharField(max_length=6, choices=Moment.choices)
    fichier = models.FileField(upload_to=_chemin_prive, storage=prive)
    cree_le = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "photo de constat"
        verbose_name_plural = "photos de constat"
        ordering = ["cree_le", "pk"]

    def __str__(self):
        return f"{self.get_moment_display()}, {self.cree_le:%d/%m/%Y}"
