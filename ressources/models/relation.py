from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from annuaire.models import Structure
from ressources.querysets import MiseEnRelationQuerySet

from .annonce import Annonce
from .moderation import nouveau_jeton


class MiseEnRelation(models.Model):
    """A structure answers an announcement: a conversation, once per announcement and structure.

        proposee → vue → interessee | declinee(motif) → conclue | sans_suite

    `annonceur` repeats the announcement's structure, so that the database refuses a structure talking to itself.
    Each side writes by mail to an address made of its own token; the other's address is never shown before both
    have agreed to it (`coordonnees_*`).
    """

    class Etat(models.TextChoices):
        PROPOSEE = "proposee", "envoyée"
        VUE = "vue", "vue"
        INTERESSEE = "interessee", "en discussion"
        DECLINEE = "declinee", "déclinée"
        CONCLUE = "conclue", "conclue"
        SANS_SUITE = "sans_suite", "sans suite"

    class Origine(models.TextChoices):
        ANNONCE = "annonce", "l'annonce"
        RAPPROCHEMENT = "rapprochement", "un rapprochement proposé"
        ALERTE = "alerte", "une alerte"

    annonce = models.ForeignKey(Annonce, on_delete=models.CASCADE, related_name="mises_en_relation")
    annonceur = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="mises_en_relation_recues")
    structure = models.ForeignKey(
        Structure, on_delete=models.CASCADE, related_name="mises_en_relation", verbose_name="structure qui répond"
    )
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="mises_en_relation"
    )
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.PROPOSEE)
    origine = models.CharField(max_length=14, choices=Origine.choices, default=Origine.ANNONCE)
    motif = models.CharField("motif du refus", max_length=500, blank=True)
    jeton_annonceur = models.CharField(max_length=40, unique=True, default=nouveau_jeton)
    jeton_structure = models.CharField(max_length=40, unique=True, default=nouveau_jeton)
    coordonnees_annonceur = models.BooleanField("l'annonceur montre ses coordonnées", default=False)
    coordonnees_structure = models.BooleanField("la structure montre ses coordonnées", default=False)
    cle = models.UUIDField(unique=True, help_text="Key of the form that was shown: a retried request writes once.")
    relances = models.PositiveSmallIntegerField("rappels envoyés", default=0)
    relancee_le = models.DateField("relancée le", null=True, blank=True)
    cree_le = models.DateTimeField("envoyée le", auto_now_add=True)
    vue_le = models.DateTimeField(null=True, blank=True)
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True)
    close_le = models.DateTimeField(null=True, blank=True)
    anonymisee_le = models.DateTimeField("anonymisée le", null=True, blank=True)

    objects = MiseEnRelationQuerySet.as_manager()

    class Meta:
        verbose_name = "mise en relation"
        verbose_name_plural = "mises en relation"
        ordering = ["-cree_le", "-pk"]
        indexes = [
            models.Index(fields=["annonceur", "-cree_le"], name="relation_annonceur"),
            models.Index(fields=["structure", "-cree_le"], name="relation_structure"),
            models.Index(fields=["etat", "cree_le"], name="relation_etat"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["annonce", "structure"], name="relation_une_fois"),
            models.CheckConstraint(condition=~Q(structure=F("annonceur")), name="relation_a_deux"),
            models.CheckConstraint(
                condition=Q(etat__in=["proposee", "vue", "interessee", "declinee", "conclue", "sans_suite"]),
                name="relation_etat_connu",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["proposee", "vue", "interessee"]) | Q(close_le__isnull=False),
                name="relation_close_datee",
            ),
        ]

    def __str__(self):
        return f"{self.structure} → {self.annonce}"


class Message(models.Model):
    """One message of a conversation, relayed; its text is emptied a year after the conversation closed."""

    class Cote(models.TextChoices):
        ANNONCEUR = "annonceur", "l'annonceur"
        STRUCTURE = "structure", "la structure qui répond"
        PORTAIL = "portail", "le portail"

    class Voie(models.TextChoices):
        SITE = "site", "sur le site"
        COURRIEL = "courriel", "par e-mail"

    mise_en_relation = models.ForeignKey(MiseEnRelation, on_delete=models.CASCADE, related_name="messages")
    cote = models.CharField("écrit par", max_length=10, choices=Cote.choices)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    texte = models.TextField(max_length=4000, blank=True)
    voie = models.CharField(max_length=8, choices=Voie.choices, default=Voie.SITE)
    cle = models.UUIDField(unique=True, help_text="Key of the form or of the mail: a retried request writes once.")
    cree_le = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "message"
        verbose_name_plural = "messages"
        ordering = ["cree_le", "pk"]

    def __str__(self):
        return f"{self.get_cote_display()}, {self.cree_le:%d/%m/%Y}"


class Bilan(models.Model):
    """What an exchange was worth, as one structure declares it: hours, euros avoided or paid, kilos reused.

    One row per declaring structure and exchange: « declared by both » is two rows. Each figure is optional.
    """

    annonce = models.ForeignKey(Annonce, on_delete=models.CASCADE, related_name="bilans")
    mise_en_relation = models.ForeignKey(
        MiseEnRelation, null=True, blank=True, on_delete=models.CASCADE, related_name="bilans"
    )
    reservation = models.ForeignKey(
        "ressources.Reservation", null=True, blank=True, on_delete=models.CASCADE, related_name="bilans"
    )
    structure = models.ForeignKey(
        Structure, on_delete=models.CASCADE, related_name="bilans", verbose_name="déclaré par"
    )
    avec = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name="avec"
    )
    avec_libre = models.CharField("avec (hors du portail)", max_length=160, blank=True)
    heures = models.DecimalField(
        max_digits=7, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    euros = models.DecimalField(
        max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    kilos = models.DecimalField(
        max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    declare_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    declare_le = models.DateTimeField("déclaré le", auto_now_add=True)

    class Meta:
        verbose_name = "bilan d'un échange"
        verbose_name_plural = "bilans des échanges"
        ordering = ["-declare_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mise_en_relation", "structure"],
                condition=Q(mise_en_relation__isnull=False),
                name="bilan_relation_une_fois",
            ),
            models.UniqueConstraint(
                fields=["reservation", "structure"],
                condition=Q(reservation__isnull=False),
                name="bilan_reservation_une_fois",
            ),
            models.CheckConstraint(
                condition=(Q(heures__isnull=True) | Q(heures__gte=0))
                & (Q(euros__isnull=True) | Q(euros__gte=0))
                & (Q(kilos__isnull=True) | Q(kilos__gte=0)),
                name="bilan_positif",
            ),
        ]

    def __str__(self):
        return f"{self.annonce}, déclaré par {self.structure}"
