from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.constraints import Deferrable
from django.urls import reverse

from newsletter.querysets import NumeroQuerySet

LANCES = ["en_cours", "suspendu", "termine"]
OUVERTS = ["en_cours", "suspendu"]


class Numero(models.Model):
    """An issue of the letter.

        brouillon ⇄ programme → en_cours ⇄ suspendu → termine      programme | en_cours | suspendu → annule

    « Envoyer maintenant » is « programmer » at once. Its words may change until it starts; then what people get is
    frozen in its renderings. A trigger refuses `termine` while the ledger does not balance: every recipient prepared
    has a row, none is waiting, in flight or uncertain without a decision. Staff may send again to those who failed
    (termine → en_cours). `rang` is its number in the series, given when it starts. `debit`: messages a minute, all
    workers together; empty, as fast as the server takes them.
    """

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", "brouillon"
        PROGRAMME = "programme", "programmé"
        EN_COURS = "en_cours", "en cours d'envoi"
        SUSPENDU = "suspendu", "suspendu"
        TERMINE = "termine", "terminé"
        ANNULE = "annule", "annulé"

    class Suspension(models.TextChoices):
        EQUIPE = "equipe", "par l'équipe"
        REFUS = "refus", "le serveur d'envoi refuse tout"

    sujet = models.CharField(max_length=150, blank=True)
    preheader = models.CharField(
        "aperçu", max_length=150, blank=True, help_text="La phrase que la messagerie montre après le sujet."
    )
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.BROUILLON)
    rang = models.PositiveIntegerField("numéro", null=True, blank=True, unique=True)
    programme_le = models.DateTimeField("à envoyer le", null=True, blank=True)
    debit = models.PositiveIntegerField(
        "messages par minute",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100_000)],
        help_text="Vide : aussi vite que le serveur d'envoi les prend.",
    )
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lance_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lance_le = models.DateTimeField("envoi commencé le", null=True, blank=True)
    prevus = models.PositiveIntegerField("destinataires", null=True, blank=True, editable=False)
    suspension = models.CharField("suspendu", max_length=6, choices=Suspension.choices, blank=True)
    termine_le = models.DateTimeField("terminé le", null=True, blank=True)
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)

    progres_le = models.DateTimeField("dernier progrès", null=True, blank=True, editable=False)
    creneau_le = models.DateTimeField(null=True, editable=False, help_text="Throttle: when the next message may leave.")
    panne = models.CharField("panne du serveur d'envoi", max_length=300, blank=True, editable=False)
    panne_depuis = models.DateTimeField(null=True, blank=True, editable=False)
    alerte_le = models.DateTimeField("équipe prévenue d'un arrêt le", null=True, blank=True, editable=False)

    version = models.PositiveIntegerField(default=1, help_text="Refuses to write over somebody else's changes.")
    est_demonstration = models.BooleanField("exemple de démonstration", default=False)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    modifie_le = models.DateTimeField("modifié le", auto_now=True)

    objects = NumeroQuerySet.as_manager()

    class Meta:
        verbose_name = "numéro"
        verbose_name_plural = "numéros"
        ordering = ["-cree_le", "-pk"]
        indexes = [models.Index(fields=["etat", "programme_le"], name="numero_etat")]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=["brouillon", "programme", "en_cours", "suspendu", "termine", "annule"]),
                name="numero_etat_connu",
            ),
            models.CheckConstraint(condition=Q(etat="brouillon") | ~Q(sujet=""), name="numero_sujet_donne"),
            models.CheckConstraint(
                condition=~Q(etat="programme") | Q(programme_le__isnull=False), name="numero_programme_date"
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=LANCES)
                | Q(lance_le__isnull=False, rang__isnull=False, prevus__isnull=False, progres_le__isnull=False),
                name="numero_lance_complet",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["brouillon", "programme"]) | Q(rang__isnull=True, prevus__isnull=True),
                name="numero_rang_a_l_envoi",
            ),
            models.CheckConstraint(
                condition=Q(etat="suspendu") & ~Q(suspension="") | ~Q(etat="suspendu") & Q(suspension=""),
                name="numero_suspension_dite",
            ),
            models.CheckConstraint(
                condition=Q(etat="termine", termine_le__isnull=False) | ~Q(etat="termine") & Q(termine_le__isnull=True),
                name="numero_termine_date",
            ),
            models.CheckConstraint(condition=~Q(etat="annule") | Q(annule_le__isnull=False), name="numero_annule_date"),
            models.CheckConstraint(condition=Q(debit__isnull=True) | Q(debit__gte=1), name="numero_debit_positif"),
        ]

    def __str__(self):
        return self.sujet or f"lettre commencée le {self.cree_le:%d/%m/%Y}"

    def get_absolute_url(self):
        """Its page in the archive, once it has a number."""
        return reverse("newsletter:numero", args=[self.rang])

    @property
    def modifiable(self) -> bool:
        """Its words and its order may still change."""
        return self.etat in (self.Etat.BROUILLON, self.Etat.PROGRAMME)


class Bloc(models.Model):
    """A part of an issue: free words, or live references to what is new of one kind."""

    class Genre(models.TextChoices):
        TEXTE = "texte", "texte libre"
        STRUCTURES = "structures", "structures"
        OFFRES = "offres", "offres"
        BESOINS = "besoins", "besoins"
        BREVES = "breves", "brèves"
        RENCONTRES = "rencontres", "rencontres et événements"
        COMPTES_RENDUS = "comptes_rendus", "comptes rendus"
        ACTIONS = "actions", "actions"

    numero = models.ForeignKey(Numero, on_delete=models.CASCADE, related_name="blocs")
    genre = models.CharField(max_length=14, choices=Genre.choices)
    ordre = models.PositiveSmallIntegerField(default=0)
    titre = models.CharField(max_length=120, blank=True)
    texte = models.TextField(
        blank=True, max_length=10_000, help_text="Markdown : le corps d'un texte libre, l'introduction des autres."
    )

    class Meta:
        verbose_name = "bloc de la lettre"
        verbose_name_plural = "blocs de la lettre"
        ordering = ["ordre", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    genre__in=[
                        "texte", "structures", "offres", "besoins", "breves", "rencontres", "comptes_rendus", "actions",
                    ]
                ),
                name="bloc_genre_connu",
            ),
            models.UniqueConstraint(
                fields=["numero", "ordre"], name="bloc_ordre_unique", deferrable=Deferrable.DEFERRED
            ),
            models.UniqueConstraint(
                fields=["numero", "genre"], condition=~Q(genre="texte"), name="bloc_un_par_genre"
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.titre or self.get_genre_display()


class ImageBloc(models.Model):
    """A picture of a block of free words, re-encoded by socle.images; its description is required."""

    bloc = models.ForeignKey(Bloc, on_delete=models.CASCADE, related_name="images")
    fichier = models.ImageField(
        upload_to="lettre/", width_field="largeur", height_field="hauteur", help_text="1200 px at most."
    )
    alternative = models.CharField("description de l'image", max_length=200)
    largeur = models.PositiveIntegerField(editable=False, default=0)
    hauteur = models.PositiveIntegerField(editable=False, default=0)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "image de la lettre"
        verbose_name_plural = "images de la lettre"
        ordering = ["ordre", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(alternative=""), name="image_bloc_decrite")]

    def __str__(self):
        return self.alternative
