from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce

from pole_ess.socle.templatetags.francais import chiffre, date_en_clair
from ressources.querysets_bilans import CoefficientEstimeQuerySet

from .categorie import Categorie


class CoefficientEstime(models.Model):
    """What one unit of an exchange is worth when nobody said it: dated, with its source, edited by staff.

    `categorie` null: every category that has no coefficient of its own. The database lets no two of one kind and
    category apply on the same day, so that an estimate always rests on one of them, and can be checked.
    """

    class Genre(models.TextChoices):
        KILOS_OBJET = "kilos_objet", "kilos d'un objet réemployé"
        EUROS_OBJET = "euros_objet", "euros évités par un objet donné"
        EUROS_PRET = "euros_pret", "euros évités par un prêt gratuit"
        HEURES_CRENEAU = "heures_creneau", "heures d'un créneau de bénévole"

    UNITES = {
        Genre.KILOS_OBJET: "kg par objet",
        Genre.EUROS_OBJET: "€ par objet",
        Genre.EUROS_PRET: "€ par objet et par jour",
        Genre.HEURES_CRENEAU: "h par créneau",
    }
    """In this order: what the value counts, for what."""

    genre = models.CharField("ce qui est estimé", max_length=15, choices=Genre.choices)
    categorie = models.ForeignKey(
        Categorie,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="coefficients",
        verbose_name="catégorie",
        help_text="Vide : toutes les catégories qui n'ont pas leur propre coefficient.",
    )
    valeur = models.DecimalField(
        max_digits=9,
        decimal_places=3,
        validators=[MinValueValidator(Decimal("0.001"))],
        help_text="En kg par objet, en € par objet, en € par objet et par jour de prêt, ou en heures par créneau.",
    )
    du = models.DateField("à partir du", help_text="Les échanges de ce jour et des suivants.")
    au = models.DateField("jusqu'au", null=True, blank=True, help_text="Ce jour compris. Vide : sans fin connue.")
    source = models.CharField(
        max_length=300, help_text="Qui a publié cette valeur, dans quel document, en quelle année."
    )
    source_url = models.URLField("adresse de la source", max_length=500, help_text="La page où chacun peut vérifier.")
    exemple = models.BooleanField(
        "valeur d'exemple, à remplacer",
        default=False,
        help_text="Une valeur inventée pour montrer la page : elle est dite comme telle partout où elle sert.",
    )
    modifie_le = models.DateTimeField("modifié le", auto_now=True)

    objects = CoefficientEstimeQuerySet.as_manager()

    class Meta:
        verbose_name = "coefficient d'estimation"
        verbose_name_plural = "coefficients d'estimation"
        ordering = ["genre", "categorie__ordre", "categorie__nom", "-du", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(genre__in=["kilos_objet", "euros_objet", "euros_pret", "heures_creneau"]),
                name="coefficient_genre_connu",
            ),
            models.CheckConstraint(
                condition=Q(valeur__gt=0),
                name="coefficient_positif",
                violation_error_message="La valeur est plus grande que zéro.",
            ),
            models.CheckConstraint(
                condition=Q(au__isnull=True) | Q(au__gte=F("du")),
                name="coefficient_dates",
                violation_error_message="Le dernier jour vient après le premier.",
            ),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(source_url=""),
                name="coefficient_source_dite",
                violation_error_message="Dites la source, en mots et par son adresse.",
            ),
            ExclusionConstraint(
                name="coefficient_un_seul_par_jour",
                expressions=[
                    ("genre", RangeOperators.EQUAL),
                    (Coalesce(F("categorie"), 0), RangeOperators.EQUAL),
                    (Func(F("du"), F("au"), Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Un autre coefficient vaut déjà pour la même chose à ces dates : "
                "donnez-lui d'abord une fin.",
            ),
        ]

    def __str__(self):
        return f"{self.get_genre_display()}, {self.ce_qu_il_vise}"

    def clean(self):
        """Before the constraints are tried: PostgreSQL makes no range of dates that go backwards."""
        if self.du and self.au and self.au < self.du:
            raise ValidationError({"au": "Le dernier jour vient après le premier."})

    @property
    def ce_qu_il_vise(self) -> str:
        return self.categorie.nom if self.categorie_id else "toutes catégories"

    @property
    def unite(self) -> str:
        """« kg par objet »."""
        return self.UNITES[self.genre]

    @property
    def en_clair(self) -> str:
        """« 4,5 kg par objet »."""
        return f"{chiffre(self.valeur)}\u00a0{self.unite}"

    @property
    def dates_en_clair(self) -> str:
        """« depuis le 1er janvier 2026 », « du 1er janvier 2025 au 31 décembre 2025 »."""
        if self.au is None:
            return f"depuis le {date_en_clair(self.du)}"
        return f"du {date_en_clair(self.du)} au {date_en_clair(self.au)}"

    @property
    def source_en_clair(self) -> str:
        """Its source in words, and that the value is made up when it is."""
        return f"Valeur d'exemple, à remplacer. {self.source}" if self.exemple else self.source

    def vaut_le(self, jour) -> bool:
        return self.du <= jour and (self.au is None or jour <= self.au)
