from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from annuaire.models import Commune, Structure
from reunions.querysets import ParticipationQuerySet

from .reunion import Reunion


class Participation(models.Model):
    """One line of a meeting's attendance: usually a person, who may stand for several structures or none.

    `reponse` is what was said beforehand, `presence` what was seen on the day. A structure may be both present and
    excused through different people, so nothing is unique on (meeting, structure); a person is, by account or by
    address. Names, addresses and functions are personal data: visitors see structures only.
    """

    class Reponse(models.TextChoices):
        ATTENDUE = "attendue", "pas encore de réponse"
        PRESENT = "present", "vient"
        ATTENTE = "attente", "en liste d'attente"
        EXCUSE = "excuse", "excusé"
        REPRESENTE = "represente", "se fait représenter"

    class Presence(models.TextChoices):
        INCONNUE = "inconnue", "pas encore notée"
        PRESENT = "present", "présent"
        EXCUSE = "excuse", "excusé"
        ABSENT = "absent", "absent"

    class Origine(models.TextChoices):
        INVITATION = "invitation", "invitation"
        INSCRIPTION = "inscription", "inscription sur le portail"
        ACCUEIL = "accueil", "venue sans inscription"
        SAISIE = "saisie", "saisie par l'équipe"

    class Moyen(models.TextChoices):
        SOI_MEME = "", "par la personne elle-même"
        TELEPHONE = "telephone", "par téléphone"
        VIVE_VOIX = "vive_voix", "de vive voix"
        COURRIEL = "courriel", "par e-mail"
        PAPIER = "papier", "par courrier"

    class Covoiturage(models.TextChoices):
        SANS = "", "sans covoiturage"
        PROPOSE = "propose", "propose des places"
        CHERCHE = "cherche", "cherche une place"

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="participations")
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="participations"
    )
    nom = models.CharField(max_length=120, blank=True)
    courriel = models.EmailField("adresse e-mail", blank=True)
    fonction = models.CharField(max_length=160, blank=True)
    libelle = models.CharField(
        "au nom de", max_length=200, blank=True, help_text="As it is printed; the structures' names when empty."
    )
    structures = models.ManyToManyField(
        Structure, through="reunions.Representation", related_name="participations", blank=True
    )
    origine = models.CharField(max_length=12, choices=Origine.choices, default=Origine.INVITATION)
    reponse = models.CharField("réponse", max_length=10, choices=Reponse.choices, default=Reponse.ATTENDUE)
    reponse_moyen = models.CharField(
        "réponse reçue",
        max_length=9,
        choices=Moyen.choices,
        blank=True,
        default=Moyen.SOI_MEME,
        help_text="How the staff learned it, when they noted it for the person.",
    )
    reponse_notee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    peut_etre_le = models.DateTimeField(
        "« peut-être » le", null=True, blank=True, help_text="Their agenda said so since; it is no answer."
    )
    delegation = models.CharField(
        "confie l'invitation à", max_length=200, blank=True, help_text="What their agenda said: a remark, no answer."
    )
    represente_par = models.CharField("représenté par", max_length=160, blank=True)
    presence = models.CharField("présence", max_length=10, choices=Presence.choices, default=Presence.INCONNUE)
    besoins = models.CharField(
        "besoins d'accessibilité", max_length=500, blank=True, help_text="LSF, braille, fauteuil, autre."
    )
    message = models.TextField("mot pour l'équipe", blank=True, max_length=1000)
    covoiturage = models.CharField(max_length=8, choices=Covoiturage.choices, blank=True, default=Covoiturage.SANS)
    covoiturage_places = models.PositiveSmallIntegerField(
        "places en voiture", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    covoiturage_depuis = models.ForeignKey(
        Commune, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="au départ de"
    )
    ordre = models.PositiveSmallIntegerField(default=0, help_text="Order of the printed list.")
    invitee_le = models.DateTimeField("invitée le", null=True, blank=True)
    sequence_envoyee = models.IntegerField(
        default=-1, editable=False, help_text="SEQUENCE of the last calendar message sent to this person; -1: none."
    )
    relances = models.PositiveSmallIntegerField("rappels envoyés", default=0, editable=False)
    relancee_le = models.DateField(null=True, blank=True, editable=False)
    repondue_le = models.DateTimeField("réponse le", null=True, blank=True)
    accueillie_le = models.DateTimeField("accueillie le", null=True, blank=True)
    cle = models.UUIDField(
        null=True, blank=True, unique=True, help_text="Key of the form that was shown: a retried request writes once."
    )
    cree_le = models.DateTimeField(auto_now_add=True)
    modifie_le = models.DateTimeField(auto_now=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = "participation"
        verbose_name_plural = "participations"
        ordering = ["ordre", "pk"]
        indexes = [models.Index(fields=["reunion", "reponse"], name="participation_reponse")]
        constraints = [
            models.UniqueConstraint(
                "reunion", Lower("courriel"), condition=~Q(courriel=""), name="participation_une_par_adresse"
            ),
            models.UniqueConstraint(
                fields=["reunion", "utilisateur"],
                condition=Q(utilisateur__isnull=False),
                name="participation_une_par_compte",
            ),
            models.CheckConstraint(
                condition=Q(reponse__in=["attendue", "present", "attente", "excuse", "represente"]),
                name="participation_reponse_connue",
            ),
            models.CheckConstraint(
                condition=Q(presence__in=["inconnue", "present", "excuse", "absent"]),
                name="participation_presence_connue",
            ),
            models.CheckConstraint(
                condition=Q(reponse_moyen__in=["", "telephone", "vive_voix", "courriel", "papier"]),
                name="participation_moyen_connu",
            ),
            models.CheckConstraint(
                condition=Q(covoiturage="", covoiturage_places__isnull=True)
                | Q(
                    covoiturage__in=["propose", "cherche"], covoiturage_places__gte=1, covoiturage_depuis__isnull=False
                ),
                name="participation_covoiturage_entier",
            ),
        ]

    def __str__(self):
        return self.nom or self.libelle or self.courriel or f"participation {self.pk}"

    @property
    def prenom(self) -> str:
        """What another traveller may know of a name: « Camille » of « DURAND Camille » and of « Camille Durand »."""
        mots = self.nom.split()
        return next((mot for mot in mots if not mot.isupper() or len(mots) == 1), "Une personne")

    @property
    def au_nom_de(self) -> str:
        """As it is printed: the label, else the structures' names (prefetch `structures`)."""
        return self.libelle or ", ".join(structure.nom for structure in self.structures.all())


class Representation(models.Model):
    """A structure that a participation stands for."""

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="representations")
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="representations")

    class Meta:
        verbose_name = "représentation"
        verbose_name_plural = "représentations"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["participation", "structure"], name="representation_une_fois"),
        ]

    def __str__(self):
        return f"{self.participation} pour {self.structure}"


class TourDeTable(models.Model):
    """One turn of the round table: one speaker, or two together, and none, one or several priorities."""

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="tours")
    ordre = models.PositiveSmallIntegerField(default=0)
    libelle = models.CharField("qui parle", max_length=200, help_text="As it is printed: a structure, or two.")
    participations = models.ManyToManyField(Participation, related_name="tours", blank=True)
    participants = models.ManyToManyField(
        "reunions.Participant",
        related_name="tours",
        blank=True,
        help_text="People of the workshop who wrote in it by their own link, known by nothing else.",
    )
    modifie_le = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "tour de parole"
        verbose_name_plural = "tour de table"
        ordering = ["ordre", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(libelle=""), name="tour_nomme")]

    def __str__(self):
        return self.libelle


class Priorite(models.Model):
    """A short-term priority said in a turn of the round table, typed by the staff or by who speaks."""

    class Origine(models.TextChoices):
        EQUIPE = "equipe", "saisie par l'équipe"
        PERSONNE = "personne", "écrite par la personne"

    tour = models.ForeignKey(TourDeTable, on_delete=models.CASCADE, related_name="priorites")
    ordre = models.PositiveSmallIntegerField(default=0)
    texte = models.CharField(max_length=500)
    origine = models.CharField(max_length=8, choices=Origine.choices, default=Origine.EQUIPE)

    class Meta:
        verbose_name = "priorité"
        verbose_name_plural = "priorités"
        ordering = ["ordre", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(texte=""), name="priorite_non_vide"),
            models.CheckConstraint(condition=Q(origine__in=["equipe", "personne"]), name="priorite_origine_connue"),
        ]

    def __str__(self):
        return self.texte
