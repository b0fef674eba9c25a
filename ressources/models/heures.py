"""Accounts of hours: help given and received, in double entry. One hour is one hour, whoever gives it.

What holds is written in the database (migrations/sql/heures.sql): an operation has its two entries once it is
confirmed and none before, they sum to zero, nobody changes or removes one; a balance is the sum of its entries.
"""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Mod
from django.db.models.lookups import Exact
from django.urls import reverse

from annuaire.models import Structure
from ressources.querysets_heures import CompteHeuresQuerySet, EcritureHeuresQuerySet, OperationHeuresQuerySet

from .relation import MiseEnRelation

QUART = Decimal("0.25")
HEURES_MAX = Decimal("500")
ZERO = Decimal("0")


class ReglagesHeures(models.Model):
    """The hub's rules for accounts of hours: one row, edited in the admin."""

    credit_depart = models.DecimalField(
        "crédit de départ (heures)",
        max_digits=6,
        decimal_places=2,
        default=Decimal("5"),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="Offert une fois à chaque compte qui s'ouvre. Par quarts d'heure ; 0 : rien n'est offert.",
    )
    plancher = models.DecimalField(
        "solde le plus bas (heures)",
        max_digits=6,
        decimal_places=2,
        default=Decimal("-10"),
        validators=[MinValueValidator(-1000), MaxValueValidator(0)],
        help_text="0 ou un nombre négatif : -10 permet de recevoir dix heures de plus que ce que l'on a. "
        "Un compte qui est déjà plus bas garde son solde, et suit la règle dès qu'il remonte.",
    )

    class Meta:
        verbose_name = "réglages des comptes d'heures"
        verbose_name_plural = "réglages des comptes d'heures"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="reglages_heures_une_ligne"),
            models.CheckConstraint(condition=Q(credit_depart__gte=0), name="reglages_heures_credit"),
            models.CheckConstraint(condition=Q(plancher__lte=0), name="reglages_heures_plancher"),
            models.CheckConstraint(
                condition=Exact(Mod(F("credit_depart"), QUART), ZERO),
                name="reglages_heures_quarts",
                violation_error_message="Le crédit se donne par quarts d'heure : 5, 5,25, 5,5 ou 5,75.",
            ),
        ]

    def __str__(self):
        return "Réglages des comptes d'heures"

    @classmethod
    def actuels(cls):
        """The rules; the defaults, not written (a GET never writes), until staff save them once."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class CompteHeures(models.Model):
    """The account of a structure, of a person, or of the hub, that gives the starting credits.

    `solde` is kept by the database from the entries, and by nothing else; `plancher` is the lowest it may reach (None:
    the hub's). Who leaves (erased person, deleted or merged sheet) leaves a closed account that names nobody:
    the entries of the others still balance.
    """

    class Genre(models.TextChoices):
        STRUCTURE = "structure", "structure"
        PERSONNE = "personne", "personne"
        POLE = "pole", "pôle"

    genre = models.CharField(max_length=9, choices=Genre.choices)
    structure = models.OneToOneField(
        Structure, null=True, blank=True, on_delete=models.SET_NULL, related_name="compte_heures"
    )
    utilisateur = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="compte_heures",
        verbose_name="personne",
    )
    absorbe_par = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="absorbes",
        verbose_name="réuni avec",
    )
    solde = models.DecimalField("solde (heures)", max_digits=8, decimal_places=2, default=ZERO, editable=False)
    plancher = models.DecimalField("solde le plus bas", max_digits=8, decimal_places=2, null=True, blank=True)
    trouvable = models.BooleanField("peut être retrouvé par son adresse e-mail", default=False)
    ouvert_le = models.DateTimeField("date d'ouverture", auto_now_add=True)
    ferme_le = models.DateTimeField("fermé le", null=True, blank=True)

    objects = CompteHeuresQuerySet.as_manager()

    class Meta:
        verbose_name = "compte d'heures"
        verbose_name_plural = "comptes d'heures"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(genre="structure", utilisateur__isnull=True)
                | Q(genre="personne", structure__isnull=True, absorbe_par__isnull=True)
                | Q(
                    genre="pole",
                    structure__isnull=True,
                    utilisateur__isnull=True,
                    absorbe_par__isnull=True,
                    ferme_le__isnull=True,
                ),
                name="compte_heures_un_titulaire",
            ),
            models.CheckConstraint(
                condition=Q(genre="pole")
                | Q(structure__isnull=False)
                | Q(utilisateur__isnull=False)
                | Q(ferme_le__isnull=False),
                name="compte_heures_sans_titulaire_ferme",
            ),
            models.CheckConstraint(
                condition=Q(absorbe_par__isnull=True) | Q(structure__isnull=True, ferme_le__isnull=False),
                name="compte_heures_absorbe_ferme",
            ),
            models.UniqueConstraint(fields=["genre"], condition=Q(genre="pole"), name="compte_heures_un_pole"),
            models.CheckConstraint(
                condition=Q(genre="pole", plancher__isnull=True)
                | (~Q(genre="pole") & Q(plancher__isnull=False, plancher__lte=0)),
                name="compte_heures_plancher_connu",
            ),
            models.CheckConstraint(
                condition=Q(plancher__isnull=True) | Q(solde__gte=F("plancher")), name="compte_heures_plancher"
            ),
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("ressources:heures_compte", args=[self.pk])

    @property
    def est_ouvert(self) -> bool:
        return self.ferme_le is None

    def famille(self) -> list[int]:
        """Its key, then those of the accounts merged into it."""
        return [self.pk, *self.absorbes.order_by("pk").values_list("pk", flat=True)]

    @property
    def nom(self) -> str:
        """Whose account it is, for those who may know."""
        if self.genre == self.Genre.POLE:
            return "Le pôle"
        if self.structure_id:
            return self.structure.nom
        if self.utilisateur_id:
            return self.utilisateur.get_full_name()
        if self.absorbe_par_id:
            return self.absorbe_par.nom
        return "Une structure partie" if self.genre == self.Genre.STRUCTURE else "Une personne partie"


class OperationHeures(models.Model):
    """`aidant` has helped `aide` for some hours: said by one side, confirmed by the other.

        proposee → confirmee | contestee | annulee        contestee → confirmee | annulee

    Confirmed, it no longer changes: a mistake is put right by a correction, an operation the other way round.
    The starting credit (once an account) and the transfer of a merge are operations too, confirmed as they are made.
    """

    class Etat(models.TextChoices):
        PROPOSEE = "proposee", "à confirmer"
        CONFIRMEE = "confirmee", "confirmée"
        CONTESTEE = "contestee", "contestée"
        ANNULEE = "annulee", "annulée"

    class Genre(models.TextChoices):
        AIDE = "aide", "coup de main"
        CORRECTION = "correction", "correction"
        CREDIT = "credit", "crédit de départ"
        FUSION = "fusion", "réunion de deux comptes"

    class Cote(models.TextChoices):
        AIDANT = "aidant", "qui a aidé"
        AIDE = "aide", "qui a été aidé"

    genre = models.CharField(max_length=10, choices=Genre.choices, default=Genre.AIDE)
    aidant = models.ForeignKey(
        CompteHeures, on_delete=models.PROTECT, related_name="aides_donnees", verbose_name="qui a aidé"
    )
    aide = models.ForeignKey(
        CompteHeures, on_delete=models.PROTECT, related_name="aides_recues", verbose_name="qui a été aidé"
    )
    heures = models.DecimalField(max_digits=7, decimal_places=2)
    jour = models.DateField("jour du coup de main")
    objet = models.CharField("pour quoi", max_length=200, blank=True)
    corrige = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections", verbose_name="corrige"
    )
    mise_en_relation = models.ForeignKey(
        MiseEnRelation,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="operations_heures",
        verbose_name="conversation",
    )
    etat = models.CharField("état", max_length=9, choices=Etat.choices, default=Etat.PROPOSEE)
    propose_par_cote = models.CharField("proposée par", max_length=6, choices=Cote.choices, default=Cote.AIDANT)
    propose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="écrite par",
    )
    decide_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="décidée par",
    )
    motif = models.CharField("raison", max_length=500, blank=True)
    cle = models.UUIDField(unique=True, help_text="Key of the form that was shown: a retried request writes once.")
    cree_le = models.DateTimeField("proposée le", auto_now_add=True)
    relancee_le = models.DateTimeField("rappelée le", null=True, blank=True)
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)

    objects = OperationHeuresQuerySet.as_manager()

    class Meta:
        verbose_name = "opération d'heures"
        verbose_name_plural = "opérations d'heures"
        ordering = ["-cree_le", "-pk"]
        indexes = [
            models.Index(fields=["aidant", "-cree_le"], name="operation_heures_aidant"),
            models.Index(fields=["aide", "-cree_le"], name="operation_heures_aide"),
            models.Index(
                fields=["cree_le"], condition=Q(etat__in=["proposee", "contestee"]), name="operation_heures_attend"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(aidant=F("aide")), name="operation_heures_a_deux"),
            models.CheckConstraint(condition=Q(heures__gt=0), name="operation_heures_positive"),
            models.CheckConstraint(condition=Exact(Mod(F("heures"), QUART), ZERO), name="operation_heures_quarts"),
            models.CheckConstraint(
                condition=Q(etat__in=["proposee", "confirmee", "contestee", "annulee"]), name="operation_heures_etat"
            ),
            models.CheckConstraint(
                condition=Q(etat="proposee") | Q(decidee_le__isnull=False), name="operation_heures_datee"
            ),
            models.CheckConstraint(
                condition=Q(genre="correction", corrige__isnull=False) | (~Q(genre="correction") & Q(corrige=None)),
                name="operation_heures_correction",
            ),
            models.CheckConstraint(
                condition=Q(genre__in=["aide", "correction"]) | Q(genre__in=["credit", "fusion"], etat="confirmee"),
                name="operation_heures_genre",
            ),
            models.UniqueConstraint(fields=["aidant"], condition=Q(genre="credit"), name="operation_heures_un_credit"),
            models.UniqueConstraint(
                fields=["corrige"],
                condition=Q(genre="correction") & ~Q(etat="annulee"),
                name="operation_heures_une_correction",
            ),
        ]

    def __str__(self):
        return f"{self.aidant} → {self.aide}"

    def get_absolute_url(self):
        return reverse("ressources:heures_operation", args=[self.pk])

    @property
    def est_ouverte(self) -> bool:
        """Still to be decided by one of the two."""
        return self.etat in (self.Etat.PROPOSEE, self.Etat.CONTESTEE)

    @property
    def cote_qui_decide(self) -> str:
        return self.Cote.AIDE if self.propose_par_cote == self.Cote.AIDANT else self.Cote.AIDANT

    def compte_du_cote(self, cote) -> CompteHeures:
        return self.aidant if cote == self.Cote.AIDANT else self.aide

    def nom_du_cote(self, cote) -> str:
        """A person's name is told to who has written their address only once they have confirmed something."""
        compte = self.compte_du_cote(cote)
        cache = self.etat != self.Etat.CONFIRMEE and cote == self.cote_qui_decide and self.genre == self.Genre.AIDE
        if cache and compte.genre == CompteHeures.Genre.PERSONNE:
            return "la personne que vous avez désignée"
        return compte.nom


class EcritureHeures(models.Model):
    """What an operation moves on one account: `montant` hours, up or down. Two an operation, never changed."""

    operation = models.ForeignKey(OperationHeures, on_delete=models.PROTECT, related_name="ecritures")
    compte = models.ForeignKey(CompteHeures, on_delete=models.PROTECT, related_name="ecritures")
    montant = models.DecimalField("heures", max_digits=7, decimal_places=2)
    passee_le = models.DateField("passée le")

    objects = EcritureHeuresQuerySet.as_manager()

    class Meta:
        verbose_name = "écriture d'heures"
        verbose_name_plural = "écritures d'heures"
        ordering = ["-passee_le", "-pk"]
        indexes = [models.Index(fields=["compte", "-passee_le", "-id"], name="ecriture_heures_compte")]
        constraints = [
            models.UniqueConstraint(fields=["operation", "compte"], name="ecriture_heures_une_par_compte"),
            models.CheckConstraint(condition=~Q(montant=0), name="ecriture_heures_non_nulle"),
        ]

    def __str__(self):
        return f"{self.montant:+} h, {self.passee_le:%d/%m/%Y}"
