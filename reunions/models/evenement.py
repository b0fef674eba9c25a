import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from annuaire.models import Commune, Structure
from reunions.querysets import EvenementQuerySet, SondageQuerySet

from .reunion import Reunion


class Evenement(models.Model):
    """An event of an actor in the shared agenda (« agenda culturel en commun »), moderated as announcements are.

    brouillon → a_valider → publie → annule | archive      a_valider → a_corriger | refuse
    """

    class Genre(models.TextChoices):
        SPECTACLE = "spectacle", "spectacle, concert"
        ASSEMBLEE = "assemblee", "assemblée générale"
        FORUM = "forum", "forum, salon"
        FESTIVAL = "festival", "festival, fête"
        RENCONTRE = "rencontre", "rencontre, débat"
        SPORT = "sport", "sport"
        FORMATION = "formation", "formation, atelier"
        AUTRE = "autre", "autre"

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", "brouillon"
        A_VALIDER = "a_valider", "à valider"
        A_CORRIGER = "a_corriger", "à corriger"
        PUBLIE = "publie", "publié"
        ANNULE = "annule", "annulé"
        REFUSE = "refuse", "refusé"
        ARCHIVE = "archive", "archivé"

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="evenements")
    genre = models.CharField(max_length=10, choices=Genre.choices, default=Genre.AUTRE)
    titre = models.CharField(max_length=140)
    description = models.TextField(blank=True, max_length=4000)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField(null=True, blank=True)
    journee_entiere = models.BooleanField("toute la journée", default=False)
    lieu = models.CharField(max_length=160, blank=True)
    adresse = models.CharField(max_length=200, blank=True)
    commune = models.ForeignKey(Commune, null=True, blank=True, on_delete=models.PROTECT, related_name="evenements")
    accessible_pmr = models.BooleanField("accessible en fauteuil (PMR)", default=False)
    accessibilite = models.CharField("autres accessibilités", max_length=200, blank=True)
    tarif = models.CharField(max_length=120, blank=True)
    site = models.URLField("page de l'événement", blank=True)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.BROUILLON)
    motif = models.TextField(blank=True, max_length=1000)
    soumis_le = models.DateTimeField("à valider depuis", null=True, blank=True)
    publie_le = models.DateTimeField("publié le", null=True, blank=True)
    a_relire_depuis = models.DateTimeField("modifié en ligne, à relire depuis", null=True, blank=True)
    avant = models.JSONField(
        default=dict, blank=True, editable=False, help_text="Field -> its words when the staff last read it."
    )
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="evenements"
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    source_uid = models.CharField(
        max_length=255, blank=True, help_text="UID in the imported calendar: importing again updates."
    )
    cle = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, help_text="Key of the form: a retried request writes once."
    )
    est_demonstration = models.BooleanField("exemple de démonstration", default=False)
    cree_le = models.DateTimeField(auto_now_add=True)
    modifie_le = models.DateTimeField(auto_now=True)

    objects = EvenementQuerySet.as_manager()

    class Meta:
        verbose_name = "événement"
        verbose_name_plural = "événements"
        ordering = ["debut", "pk"]
        indexes = [
            models.Index(fields=["debut", "id"], condition=Q(etat="publie"), name="evenement_a_venir"),
            models.Index(fields=["etat", "soumis_le"], name="evenement_etat"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=["brouillon", "a_valider", "a_corriger", "publie", "annule", "refuse", "archive"]),
                name="evenement_etat_connu",
            ),
            models.CheckConstraint(condition=~Q(titre=""), name="evenement_titre"),
            models.CheckConstraint(condition=Q(fin__isnull=True) | Q(fin__gt=F("debut")), name="evenement_ordre"),
            models.CheckConstraint(
                condition=~Q(etat="publie") | Q(publie_le__isnull=False), name="evenement_publie_date"
            ),
            models.CheckConstraint(
                condition=~Q(etat="a_valider") | Q(soumis_le__isnull=False), name="evenement_soumis_date"
            ),
            models.CheckConstraint(
                condition=Q(a_relire_depuis__isnull=True, avant={}) | Q(a_relire_depuis__isnull=False),
                name="evenement_avant_a_relire",
            ),
            models.UniqueConstraint(
                fields=["structure", "source_uid"], condition=~Q(source_uid=""), name="evenement_source_unique"
            ),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("reunions:evenement_detail", args=[self.pk])


class Sondage(models.Model):
    """Finding a date: one question per date (yes, if need be, no), answered without an account by its secret link."""

    titre = models.CharField(max_length=160)
    precisions = models.TextField("précisions", blank=True, max_length=2000)
    reunion = models.OneToOneField(
        Reunion, null=True, blank=True, on_delete=models.CASCADE, related_name="sondage", verbose_name="rencontre"
    )
    jeton = models.CharField(max_length=40, unique=True)
    clos_le = models.DateTimeField(null=True, blank=True)
    date_retenue = models.ForeignKey(
        "reunions.DateProposee", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    cle = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, help_text="Key of the form: a retried request writes once."
    )
    cree_le = models.DateTimeField(auto_now_add=True)

    objects = SondageQuerySet.as_manager()

    class Meta:
        verbose_name = "sondage de dates"
        verbose_name_plural = "sondages de dates"
        ordering = ["-cree_le", "-pk"]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("reunions:sondage", args=[self.jeton])

    @property
    def est_ouvert(self) -> bool:
        return self.clos_le is None


class DateProposee(models.Model):
    """One date of a poll."""

    sondage = models.ForeignKey(Sondage, on_delete=models.CASCADE, related_name="dates")
    debut = models.DateTimeField("début")
    fin = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "date proposée"
        verbose_name_plural = "dates proposées"
        ordering = ["debut", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sondage", "debut"], name="date_proposee_unique"),
            models.CheckConstraint(condition=Q(fin__isnull=True) | Q(fin__gt=F("debut")), name="date_proposee_ordre"),
        ]

    def __str__(self):
        return f"{self.debut:%d/%m/%Y %H:%M}"


class ReponseSondage(models.Model):
    """One person's answer to a poll: a name, changed later by its own secret link."""

    sondage = models.ForeignKey(Sondage, on_delete=models.CASCADE, related_name="reponses")
    nom = models.CharField("votre nom ou votre structure", max_length=120)
    structure = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.SET_NULL, related_name="reponses_sondages"
    )
    jeton = models.CharField(max_length=40, unique=True)
    cle = models.UUIDField(unique=True, help_text="Key of the form that was shown: a retried request writes once.")
    cree_le = models.DateTimeField(auto_now_add=True)
    modifie_le = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "réponse à un sondage"
        verbose_name_plural = "réponses aux sondages"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(nom=""), name="reponse_sondage_nommee")]

    def __str__(self):
        return self.nom


class ChoixDate(models.Model):
    """What one person says of one date."""

    class Valeur(models.TextChoices):
        OUI = "oui", "oui"
        SI_BESOIN = "si_besoin", "si besoin"
        NON = "non", "non"

    reponse = models.ForeignKey(ReponseSondage, on_delete=models.CASCADE, related_name="choix")
    date = models.ForeignKey(DateProposee, on_delete=models.CASCADE, related_name="choix")
    valeur = models.CharField(max_length=9, choices=Valeur.choices)

    class Meta:
        verbose_name = "choix d'une date"
        verbose_name_plural = "choix des dates"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["reponse", "date"], name="choix_un_par_date"),
            models.CheckConstraint(condition=Q(valeur__in=["oui", "si_besoin", "non"]), name="choix_connu"),
        ]

    def __str__(self):
        return f"{self.date} : {self.valeur}"
