from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from annuaire.models import Commune, Competence, Structure
from ressources.querysets_benevolat import PriseDeContactQuerySet, ProfilBenevoleQuerySet

from .moderation import nouveau_jeton

JOURS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
MOMENTS = [("matin", "matin"), ("apres_midi", "après-midi"), ("soir", "soir")]
DEMI_JOURNEES = [(f"{jour}_{code}", f"{jour} {nom}") for jour in JOURS for code, nom in MOMENTS]
"""(code, French words) of each half-day of a week."""


class ProfilBenevole(models.Model):
    """What a person offers of their own time: skills, days, how far. Structures find it; they never see an address.

    `visible` and the pause decide who finds it; leaving deletes it. `nom_montre` is what the person chose to be
    called, and all that référents read of their name.
    """

    utilisateur = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profil_benevole"
    )
    nom_montre = models.CharField("nom montré", max_length=60)
    competences = models.ManyToManyField(Competence, related_name="benevoles", blank=True, verbose_name="compétences")
    demi_journees = ArrayField(
        models.CharField(max_length=20, choices=DEMI_JOURNEES),
        default=list,
        blank=True,
        verbose_name="demi-journées libres",
    )
    commune = models.ForeignKey(Commune, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    rayon_km = models.PositiveSmallIntegerField(
        "jusqu'à (km)", default=20, validators=[MinValueValidator(1), MaxValueValidator(300)]
    )
    a_distance = models.BooleanField("aussi à distance", default=False)
    presentation = models.TextField("présentation", blank=True, max_length=1000)
    visible = models.BooleanField("trouvable par les structures", default=True)
    en_pause_jusqu_au = models.DateField("en pause jusqu'au", null=True, blank=True)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    modifie_le = models.DateTimeField("modifié le", auto_now=True)

    objects = ProfilBenevoleQuerySet.as_manager()

    class Meta:
        verbose_name = "profil de bénévole"
        verbose_name_plural = "profils de bénévoles"
        ordering = ["-modifie_le", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(rayon_km__gte=1), name="profil_benevole_rayon"),
            models.CheckConstraint(
                condition=Q(demi_journees__contained_by=[code for code, _ in DEMI_JOURNEES]),
                name="profil_benevole_demi_journees",
            ),
        ]

    def __str__(self):
        return self.nom_montre

    @property
    def est_en_pause(self) -> bool:
        return self.en_pause_jusqu_au is not None and self.en_pause_jusqu_au >= timezone.localdate()

    @property
    def est_trouvable(self) -> bool:
        return self.visible and not self.est_en_pause


class PriseDeContact(models.Model):
    """A structure wrote to a volunteer: one thread a pair, relayed both ways, no address shown.

    Each side answers by mail to an address made of its own token. Once `refuse_le` is set the structure writes no
    more to this person, who may lift it.
    """

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="prises_de_contact")
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="prises_de_contact"
    )
    jeton_structure = models.CharField(max_length=40, unique=True, default=nouveau_jeton)
    jeton_benevole = models.CharField(max_length=40, unique=True, default=nouveau_jeton)
    refuse_le = models.DateTimeField("messages refusés le", null=True, blank=True)
    cree_le = models.DateTimeField("ouverte le", auto_now_add=True)

    objects = PriseDeContactQuerySet.as_manager()

    class Meta:
        verbose_name = "prise de contact avec un bénévole"
        verbose_name_plural = "prises de contact avec des bénévoles"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "utilisateur"], name="prise_de_contact_une_fois"),
        ]

    def __str__(self):
        return f"{self.structure}, le {timezone.localtime(self.cree_le):%d/%m/%Y}"


class MessageBenevole(models.Model):
    """One message of a contact, relayed; it goes a year after it was written."""

    class Cote(models.TextChoices):
        STRUCTURE = "structure", "la structure"
        BENEVOLE = "benevole", "le bénévole"

    class Voie(models.TextChoices):
        SITE = "site", "sur le site"
        COURRIEL = "courriel", "par e-mail"

    contact = models.ForeignKey(PriseDeContact, on_delete=models.CASCADE, related_name="messages")
    cote = models.CharField("écrit par", max_length=10, choices=Cote.choices)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    texte = models.TextField(max_length=4000)
    voie = models.CharField(max_length=8, choices=Voie.choices, default=Voie.SITE)
    cle = models.UUIDField(unique=True, help_text="Key of the form or of the mail: a retried request writes once.")
    cree_le = models.DateTimeField("écrit le", auto_now_add=True)

    class Meta:
        verbose_name = "message à un bénévole"
        verbose_name_plural = "messages aux bénévoles"
        ordering = ["cree_le", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(cote__in=["structure", "benevole"]), name="message_benevole_cote_connu"),
        ]

    def __str__(self):
        return f"{self.get_cote_display()}, {timezone.localtime(self.cree_le):%d/%m/%Y}"
