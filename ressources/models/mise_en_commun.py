from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Mod
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils import timezone

from annuaire.models import Structure
from ressources.querysets_mises_en_commun import MiseEnCommunQuerySet, PartEnCommunQuerySet

from .annonce import Annonce

ZERO = Decimal(0)
COMMANDEES = ["commandee", "recue", "soldee"]


class MiseEnCommun(models.Model):
    """A need that other structures join with their own share: a shared purchase, or a shared post (`genre`).

        ouverte → commandee → recue → soldee      (purchase)      ouverte → conclue      (post)
        ouverte | commandee → abandonnee

    Title, words, place, photos, files, moderation and conversations are its announcement's; its pilot is the
    announcement's structure. « Brouillon », « atteinte », « prolongée » and « à décider » are derived
    (docs/decisions/0018). `total` is kept by triggers from the active parts; a deferred trigger refuses shares that
    do not add up (ressources/migrations/sql/mises_en_commun.sql). Of a post, quantities are hours a month.
    """

    class Genre(models.TextChoices):
        ACHAT = "achat", "achat groupé"
        POSTE = "poste", "poste partagé"

    class Etat(models.TextChoices):
        OUVERTE = "ouverte", "ouverte"
        COMMANDEE = "commandee", "commandée"
        RECUE = "recue", "reçue"
        SOLDEE = "soldee", "soldée"
        CONCLUE = "conclue", "conclue"
        ABANDONNEE = "abandonnee", "abandonnée"

    annonce = models.OneToOneField(Annonce, on_delete=models.CASCADE, related_name="mise_en_commun")
    genre = models.CharField(max_length=5, choices=Genre.choices)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.OUVERTE)
    unite = models.CharField("unité", max_length=40, help_text="Au singulier : sac, carton, kg.")
    pas = models.DecimalField(
        "se partage par", max_digits=4, decimal_places=2, default=Decimal(1), help_text="La plus petite part : 1, 0,5…"
    )
    minimum = models.DecimalField("total à atteindre", max_digits=10, decimal_places=2)
    conditionnement = models.DecimalField(
        "vendu par", max_digits=10, decimal_places=2, null=True, blank=True, help_text="Quantité d'un colis entier."
    )
    total = models.DecimalField("total demandé", max_digits=12, decimal_places=2, default=0, editable=False)
    frais = models.DecimalField(
        "frais de livraison (€)", max_digits=9, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    cloture_le = models.DateField("ouverte jusqu'au", null=True, blank=True)
    prolongations = models.PositiveSmallIntegerField("prolongations", default=0, editable=False)
    competence = models.CharField("métier ou compétence", max_length=80, blank=True)
    rayon = models.PositiveSmallIntegerField("rayon (km)", null=True, blank=True)
    des_le = models.DateField("à partir du", null=True, blank=True)

    prix_unitaire = models.DecimalField(
        "prix unitaire convenu (€)", max_digits=9, decimal_places=2, null=True, blank=True
    )
    quantite_commandee = models.DecimalField(
        "quantité commandée", max_digits=12, decimal_places=2, null=True, blank=True
    )
    quantite_recue = models.DecimalField("quantité reçue", max_digits=12, decimal_places=2, null=True, blank=True)
    motif = models.CharField(max_length=500, blank=True)
    origine = models.CharField(
        "vient de", max_length=200, blank=True, help_text="Adresse d'une page du portail : un besoin, un atelier."
    )
    atteinte_dite_le = models.DateTimeField("dite atteinte le", null=True, blank=True, editable=False)
    cloture_dite_pour = models.DateField("clôture dite pour le", null=True, blank=True, editable=False)
    cree_le = models.DateTimeField("ouverte le", auto_now_add=True)
    commandee_le = models.DateTimeField("commandée le", null=True, blank=True)
    recue_le = models.DateTimeField("reçue le", null=True, blank=True)
    close_le = models.DateTimeField("close le", null=True, blank=True)

    objects = MiseEnCommunQuerySet.as_manager()

    class Meta:
        verbose_name = "mise en commun"
        verbose_name_plural = "mises en commun"
        ordering = ["-cree_le", "-pk"]
        indexes = [models.Index(fields=["etat", "cloture_le"], name="mise_etat_cloture")]
        constraints = [
            models.CheckConstraint(condition=Q(genre__in=["achat", "poste"]), name="mise_genre_connu"),
            models.CheckConstraint(
                condition=Q(genre="achat", etat__in=["ouverte", "commandee", "recue", "soldee", "abandonnee"])
                | Q(genre="poste", etat__in=["ouverte", "conclue", "abandonnee"]),
                name="mise_etat_du_genre",
            ),
            models.CheckConstraint(condition=Q(genre="poste") | Q(cloture_le__isnull=False), name="mise_achat_date"),
            models.CheckConstraint(
                condition=Q(pas__in=[Decimal("0.01"), Decimal("0.1"), Decimal("0.5"), Decimal(1)]),
                name="mise_pas_connu",
            ),
            models.CheckConstraint(
                condition=Q(minimum__gt=0, frais__gte=0, total__gte=0)
                & (Q(conditionnement__isnull=True) | Q(conditionnement__gt=0)),
                name="mise_positive",
            ),
            models.CheckConstraint(condition=Exact(Mod("minimum", "pas"), ZERO), name="mise_minimum_au_pas"),
            models.CheckConstraint(
                condition=Q(conditionnement__isnull=True)
                | (Exact(Mod("conditionnement", "pas"), ZERO) & Exact(Mod("minimum", "conditionnement"), ZERO)),
                name="mise_colis_entiers",
            ),
            models.CheckConstraint(
                condition=Q(
                    etat__in=COMMANDEES,
                    quantite_commandee__gt=0,
                    prix_unitaire__gte=0,
                    commandee_le__isnull=False,
                )
                | ~Q(etat__in=COMMANDEES),
                name="mise_commandee_chiffree",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["recue", "soldee"], quantite_recue__gt=0, recue_le__isnull=False)
                | (~Q(etat__in=["recue", "soldee"]) & Q(quantite_recue__isnull=True)),
                name="mise_recue_chiffree",
            ),
            models.CheckConstraint(
                condition=Q(quantite_recue__isnull=True) | Q(quantite_recue__lte=F("quantite_commandee")),
                name="mise_recue_au_plus_commandee",
            ),
            models.CheckConstraint(condition=~Q(etat="abandonnee") | ~Q(motif=""), name="mise_abandon_explique"),
            models.CheckConstraint(
                condition=Q(etat__in=["soldee", "conclue", "abandonnee"], close_le__isnull=False)
                | (~Q(etat__in=["soldee", "conclue", "abandonnee"]) & Q(close_le__isnull=True)),
                name="mise_close_datee",
            ),
        ]

    def __str__(self):
        return str(self.annonce)

    def get_absolute_url(self):
        return reverse("ressources:mise_en_commun", args=[self.pk])

    @property
    def est_achat(self) -> bool:
        return self.genre == self.Genre.ACHAT

    @property
    def est_atteinte(self) -> bool:
        """The total is at the minimum, or over."""
        return self.total >= self.minimum

    @property
    def est_close(self) -> bool:
        """Its closing date (Europe/Paris, included) is past."""
        return self.cloture_le is not None and self.cloture_le < timezone.localdate()

    @property
    def est_modifiable(self) -> bool:
        """Nothing is ordered, concluded nor abandoned."""
        return self.etat == self.Etat.OUVERTE

    @property
    def est_ouverte(self) -> bool:
        """Structures may join, change their part, leave."""
        annonce = self.annonce
        return self.est_modifiable and annonce.etat == "publiee" and not annonce.est_expiree and not self.est_close

    @property
    def avancement(self) -> str:
        """Where it stands, derived: a stored state, or brouillon, atteinte, a_decider, prolongee, ouverte."""
        if self.etat != self.Etat.OUVERTE:
            return self.etat
        if self.annonce.etat != "publiee":
            return "brouillon"
        if self.est_atteinte:
            return "atteinte"
        if self.est_close:
            return "a_decider"
        return "prolongee" if self.prolongations else "ouverte"

    @property
    def facture(self) -> Decimal | None:
        """The bill, in euros: goods to the cent, and delivery; None before reception."""
        if self.quantite_recue is None:
            return None
        return (self.prix_unitaire * self.quantite_recue).quantize(Decimal("0.01"), ROUND_HALF_UP) + self.frais

    @property
    def manque(self) -> Decimal:
        """What is missing to reach the minimum; zero once there."""
        return max(self.minimum - self.total, ZERO)


class Palier(models.Model):
    """A price tier of a purchase: this unit price from this quantity on; below the first, the first."""

    mise = models.ForeignKey(MiseEnCommun, on_delete=models.CASCADE, related_name="paliers")
    a_partir_de = models.DecimalField("à partir de", max_digits=10, decimal_places=2)
    prix = models.DecimalField("prix unitaire (€)", max_digits=9, decimal_places=2)

    class Meta:
        verbose_name = "palier de prix"
        verbose_name_plural = "paliers de prix"
        ordering = ["a_partir_de", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["mise", "a_partir_de"], name="palier_unique"),
            models.CheckConstraint(condition=Q(a_partir_de__gte=0, prix__gte=0), name="palier_positif"),
        ]

    def __str__(self):
        return f"{self.prix} € à partir de {self.a_partir_de}"


class PartEnCommun(models.Model):
    """What one structure wants of it: a quantity, how much more it accepts (`tolerance`) to fill a case, a note.

    Leaving keeps the row (`quittee`), so that a retried request never joins again. What it gets: `commande` frozen at
    the order, `recu` at reception with what it owes, `montant` for the goods and `part_frais` for the delivery.
    """

    class Etat(models.TextChoices):
        ACTIVE = "active", "active"
        QUITTEE = "quittee", "quittée"

    mise = models.ForeignKey(MiseEnCommun, on_delete=models.CASCADE, related_name="parts")
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="parts_en_commun")
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    etat = models.CharField("état", max_length=8, choices=Etat.choices, default=Etat.ACTIVE)
    quantite = models.DecimalField("quantité", max_digits=10, decimal_places=2)
    tolerance = models.DecimalField("accepte en plus", max_digits=10, decimal_places=2, default=0)
    note = models.CharField(max_length=500, blank=True)
    commande = models.DecimalField("commandé", max_digits=10, decimal_places=2, null=True, blank=True)
    recu = models.DecimalField("reçu", max_digits=10, decimal_places=2, null=True, blank=True)
    montant = models.DecimalField("marchandise (€)", max_digits=12, decimal_places=2, null=True, blank=True)
    part_frais = models.DecimalField("part des frais (€)", max_digits=9, decimal_places=2, null=True, blank=True)
    regle_le = models.DateTimeField("réglé le", null=True, blank=True)
    cle = models.UUIDField(unique=True, help_text="Clé du formulaire montré : une demande répétée n'écrit qu'une fois.")
    cree_le = models.DateTimeField("rejointe le", auto_now_add=True)
    modifie_le = models.DateTimeField("modifiée le", auto_now=True)

    objects = PartEnCommunQuerySet.as_manager()

    class Meta:
        verbose_name = "part d'une mise en commun"
        verbose_name_plural = "parts de mises en commun"
        ordering = ["cree_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mise", "structure"], condition=Q(etat="active"), name="part_commune_une_active"
            ),
            models.CheckConstraint(condition=Q(etat__in=["active", "quittee"]), name="part_commune_etat_connu"),
            models.CheckConstraint(condition=Q(quantite__gt=0, tolerance__gte=0), name="part_commune_positive"),
            models.CheckConstraint(
                condition=Q(commande__isnull=True)
                | Q(etat="active", commande__gte=0, commande__lte=F("quantite") + F("tolerance")),
                name="part_commune_au_plus_demandee",
            ),
            models.CheckConstraint(
                condition=Q(recu__isnull=True)
                | Q(commande__isnull=False, recu__gte=0, recu__lte=F("commande"), montant__gte=0, part_frais__gte=0),
                name="part_commune_au_plus_commandee",
            ),
            models.CheckConstraint(
                condition=Q(regle_le__isnull=True) | Q(recu__isnull=False), name="part_commune_reglee_recue"
            ),
        ]

    def __str__(self):
        return f"{self.structure}, {self.mise}"

    @property
    def du(self) -> Decimal | None:
        """What the structure owes, in euros: goods and its share of the delivery; None before reception."""
        return None if self.montant is None else self.montant + self.part_frais
