import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string

from annuaire.models import Structure
from reunions.querysets import AtelierQuerySet, PostItQuerySet

from .reunion import Reunion

ALPHABET = "ABCDEFGHJKLMNPQRTUVWXY"
"""22 letters without look-alikes (no I, O, S, Z): a code of six is one of 113 million."""


def nouveau_code() -> str:
    """Six letters, shown as « KMR TBA »."""
    return get_random_string(6, ALPHABET)


class Couleur(models.TextChoices):
    """Pink is quickly doable, yellow a priority that lasts (minutes of 30 January 2014)."""

    ROSE = "rose", "court terme"
    JAUNE = "jaune", "long terme"


CONSIGNES = {
    "rose": "Une action que l'on peut faire vite : elle mobilise, elle est faisable, elle sert.",
    "jaune": "Une priorité pour ma structure : plutôt de fond, sur le long terme.",
}


class Atelier(models.Model):
    """The post-it workshop of a meeting.

        preparation ⇄ ecriture ⇄ regroupement ⇄ restitution ⇄ clos

    Closed is read only. `version` grows with every change that a screen must show: polling compares it, one SQL read.
    `seuil` is the share of notes (percent) from which an axis is « court terme » or « long terme »; the minutes of
    2014 only say « faible différence », 60 is this project's choice.
    """

    class Phase(models.TextChoices):
        PREPARATION = "preparation", "préparation"
        ECRITURE = "ecriture", "écriture"
        REGROUPEMENT = "regroupement", "regroupement"
        RESTITUTION = "restitution", "restitution"
        CLOS = "clos", "clos"

    reunion = models.OneToOneField(Reunion, on_delete=models.CASCADE, related_name="atelier")
    code = models.CharField(max_length=6, unique=True, default=nouveau_code)
    phase = models.CharField(max_length=12, choices=Phase.choices, default=Phase.PREPARATION)
    phase_depuis = models.DateTimeField("dans cette phase depuis", default=timezone.now)
    fin_ecriture = models.DateTimeField(
        "fin de l'écriture annoncée", null=True, blank=True, help_text="Announced, never a guillotine."
    )
    quota_rose = models.PositiveSmallIntegerField(
        "post-it roses par personne", default=3, validators=[MaxValueValidator(20)]
    )
    quota_jaune = models.PositiveSmallIntegerField(
        "post-it jaunes par personne", default=3, validators=[MaxValueValidator(20)]
    )
    seuil = models.PositiveSmallIntegerField(
        "seuil court / long terme (%)", default=60, validators=[MinValueValidator(51), MaxValueValidator(100)]
    )
    consigne_rose = models.CharField("consigne rose", max_length=300, default=CONSIGNES["rose"])
    consigne_jaune = models.CharField("consigne jaune", max_length=300, default=CONSIGNES["jaune"])
    textes_projetes = models.BooleanField(
        "projeter les textes pendant l'écriture",
        default=False,
        help_text="Décoché : seuls les nombres se voient, pour n'influencer personne.",
    )
    version = models.PositiveBigIntegerField(default=1, editable=False)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    clos_le = models.DateTimeField("clos le", null=True, blank=True)

    objects = AtelierQuerySet.as_manager()

    class Meta:
        verbose_name = "atelier"
        verbose_name_plural = "ateliers"
        constraints = [
            models.CheckConstraint(
                condition=Q(phase__in=["preparation", "ecriture", "regroupement", "restitution", "clos"]),
                name="atelier_phase_connue",
            ),
            models.CheckConstraint(condition=Q(code__regex=f"^[{ALPHABET}]{{6}}$"), name="atelier_code_lisible"),
            models.CheckConstraint(condition=Q(seuil__range=(51, 100)), name="atelier_seuil"),
            models.CheckConstraint(condition=~Q(phase="clos") | Q(clos_le__isnull=False), name="atelier_clos_date"),
        ]

    def __str__(self):
        return f"Atelier de « {self.reunion} »"

    def get_absolute_url(self):
        return reverse("reunions:atelier_resultats", args=[self.reunion_id])

    @property
    def code_lisible(self) -> str:
        """In two groups of three, as one reads it aloud."""
        return f"{self.code[:3]} {self.code[3:]}"

    @property
    def est_clos(self) -> bool:
        return self.phase == self.Phase.CLOS

    @property
    def est_rendu(self) -> bool:
        """Its results are given back: whoever sees the meeting sees them."""
        return self.phase in (self.Phase.RESTITUTION, self.Phase.CLOS)

    def quota(self, couleur: str) -> int:
        return self.quota_rose if couleur == Couleur.ROSE else self.quota_jaune


class Axe(models.Model):
    """A board of the workshop: one line of work."""

    atelier = models.ForeignKey(Atelier, on_delete=models.CASCADE, related_name="axes")
    ordre = models.PositiveSmallIntegerField(default=0)
    nom = models.CharField(max_length=120)
    description = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "axe"
        verbose_name_plural = "axes"
        ordering = ["ordre", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["atelier", "nom"], name="axe_nom_unique"),
            models.CheckConstraint(condition=~Q(nom=""), name="axe_nomme"),
        ]

    def __str__(self):
        return self.nom


class Categorie(models.Model):
    """A label that groups notes of one axis: it never loses or re-weights a note."""

    axe = models.ForeignKey(Axe, on_delete=models.CASCADE, related_name="categories")
    ordre = models.PositiveSmallIntegerField(default=0)
    nom = models.CharField(max_length=120)

    class Meta:
        verbose_name = "catégorie d'un axe"
        verbose_name_plural = "catégories des axes"
        ordering = ["ordre", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["axe", "nom"], name="categorie_axe_nom_unique"),
            models.CheckConstraint(condition=~Q(nom=""), name="categorie_axe_nommee"),
        ]

    def __str__(self):
        return self.nom


class Participant(models.Model):
    """Somebody at the workshop, without an account: a first name or nothing, a structure or none.

    Known by the session that joined, or made by staff for the notes somebody wrote on paper. The row that is
    locked when a note is written: the quota per colour cannot be passed by parallel requests.
    """

    atelier = models.ForeignKey(Atelier, on_delete=models.CASCADE, related_name="participants")
    prenom = models.CharField("prénom", max_length=60, blank=True)
    structure = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.SET_NULL, related_name="participants"
    )
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    papier = models.BooleanField("notes sur papier, saisies par l'équipe", default=False)
    cle = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, help_text="Key of the form: a retried request joins once."
    )
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    vu_le = models.DateTimeField("vu le", default=timezone.now)

    class Meta:
        verbose_name = "participant"
        verbose_name_plural = "participants"
        ordering = ["pk"]

    def __str__(self):
        return self.prenom or f"Participant {self.pk}"


class PostIt(models.Model):
    """A note: one idea, pink (short term) or yellow (long term), on one axis.

    The database refuses a category of another axis (composite foreign key), a participant of another workshop and
    more notes than the quota (trigger, under the participant's lock). Notes typed from paper for nobody have no
    participant, hence no quota.
    """

    class Origine(models.TextChoices):
        TELEPHONE = "telephone", "téléphone ou ordinateur"
        PAPIER = "papier", "papier"

    axe = models.ForeignKey(Axe, on_delete=models.CASCADE, related_name="postits")
    categorie = models.ForeignKey(
        Categorie, null=True, blank=True, on_delete=models.SET_NULL, related_name="postits", verbose_name="catégorie"
    )
    couleur = models.CharField(max_length=5, choices=Couleur.choices)
    texte = models.CharField(max_length=280)
    participant = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.CASCADE, related_name="postits"
    )
    structure = models.ForeignKey(Structure, null=True, blank=True, on_delete=models.SET_NULL, related_name="postits")
    origine = models.CharField(max_length=9, choices=Origine.choices, default=Origine.TELEPHONE)
    cle = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, help_text="Key of the form: a retried request writes once."
    )
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    modifie_le = models.DateTimeField("modifié le", auto_now=True)

    objects = PostItQuerySet.as_manager()

    class Meta:
        verbose_name = "post-it"
        verbose_name_plural = "post-it"
        ordering = ["cree_le", "pk"]
        indexes = [models.Index(fields=["axe", "couleur"], name="postit_axe_couleur")]
        constraints = [
            models.CheckConstraint(condition=Q(couleur__in=["rose", "jaune"]), name="postit_couleur_connue"),
            models.CheckConstraint(condition=~Q(texte=""), name="postit_non_vide"),
            models.CheckConstraint(condition=Q(origine__in=["telephone", "papier"]), name="postit_origine_connue"),
        ]

    def __str__(self):
        return self.texte


class QuasiDoublonRefuse(models.Model):
    """Two notes that staff said are not the same: not suggested again. `a` is the smaller id."""

    a = models.ForeignKey(PostIt, on_delete=models.CASCADE, related_name="+")
    b = models.ForeignKey(PostIt, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "quasi-doublon refusé"
        verbose_name_plural = "quasi-doublons refusés"
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="quasi_doublon_une_fois"),
            models.CheckConstraint(condition=Q(a__lt=models.F("b")), name="quasi_doublon_ordre"),
        ]

    def __str__(self):
        return f"{self.a_id} ≠ {self.b_id}"
