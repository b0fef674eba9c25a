from datetime import time

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from annuaire.models import Commune, Structure
from annuaire.validateurs import valider_telephone
from pole_ess.socle.models import ReglagesPole
from ressources.natures import Nature
from ressources.querysets_urgences import AppelQuerySet, UrgenceQuerySet

from .categorie import Categorie

PLACES_MAX = 20
RAYON_MAX = 100
APPELS_MAX = 20


def delai_par_defaut() -> int:
    return ReglagesPole.actuels().urgence_delai_minutes


class Urgence(models.Model):
    """« Remplacement demain 8 h »: a structure needs `places` persons, very soon, and calls for them in waves.

        ouverte → pourvue | annulee | expiree      pourvue → ouverte (a helper withdraws)

    `vague` is the last wave that left: 1 near, 2 wider, 3 the hub's staff; `prochaine_vague_le` when the next one
    leaves if nobody is found. `confirmes` is the number of its calls answered « oui »: a trigger refuses any other
    number at the end of the transaction, a constraint refuses more than `places`. `version` grows with each change.
    """

    class Etat(models.TextChoices):
        OUVERTE = "ouverte", "ouverte"
        POURVUE = "pourvue", "pourvue"
        ANNULEE = "annulee", "annulée"
        EXPIREE = "expiree", "expirée"

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="urgences")
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    titre = models.CharField(max_length=120)
    description = models.TextField("précisions", blank=True, max_length=2000)
    nature = models.CharField(
        max_length=12, choices=[choix for choix in Nature.choices if choix[0] != Nature.ACHAT_GROUPE]
    )
    categorie = models.ForeignKey(
        Categorie, null=True, blank=True, on_delete=models.PROTECT, related_name="urgences", verbose_name="catégorie"
    )
    savoir_faire = models.CharField("savoir-faire", max_length=120, blank=True)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField()
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="urgences")
    latitude = models.FloatField()
    longitude = models.FloatField()
    lieu = models.CharField("adresse du rendez-vous", max_length=200, blank=True)
    contact = models.CharField("sur place, demander", max_length=120, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True, validators=[valider_telephone])

    places = models.PositiveSmallIntegerField(
        "personnes cherchées", default=1, validators=[MinValueValidator(1), MaxValueValidator(PLACES_MAX)]
    )
    confirmes = models.PositiveSmallIntegerField("personnes trouvées", default=0, editable=False)
    delai = models.PositiveSmallIntegerField("minutes entre deux vagues", default=delai_par_defaut)
    etat = models.CharField("état", max_length=8, choices=Etat.choices, default=Etat.OUVERTE)
    autrement = models.BooleanField("pourvue autrement", default=False)
    vague = models.PositiveSmallIntegerField(default=0)
    prochaine_vague_le = models.DateTimeField("prochaine vague", null=True, blank=True, default=timezone.now)
    version = models.PositiveIntegerField(default=0, editable=False)
    cle = models.UUIDField(unique=True, help_text="Key of the form that was shown: a retried request writes once.")
    cree_le = models.DateTimeField("ouverte le", auto_now_add=True)
    close_le = models.DateTimeField("fermée le", null=True, blank=True)

    objects = UrgenceQuerySet.as_manager()

    class Meta:
        verbose_name = "urgence"
        verbose_name_plural = "urgences"
        ordering = ["-cree_le", "-pk"]
        indexes = [
            models.Index(fields=["prochaine_vague_le"], condition=Q(etat="ouverte"), name="urgence_a_avancer"),
            models.Index(fields=["structure", "-cree_le"], name="urgence_de_la_structure"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(debut__lt=F("fin")), name="urgence_ordre"),
            models.CheckConstraint(condition=Q(places__range=(1, PLACES_MAX)), name="urgence_places"),
            models.CheckConstraint(condition=Q(confirmes__lte=F("places")), name="urgence_pas_plus_que_cherche"),
            models.CheckConstraint(condition=Q(delai__range=(5, 240)), name="urgence_delai"),
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)), name="urgence_point"
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["ouverte", "pourvue", "annulee", "expiree"], vague__lte=3),
                name="urgence_etat_connu",
            ),
            models.CheckConstraint(condition=~Q(nature="achat_groupe"), name="urgence_nature"),
            models.CheckConstraint(
                condition=~Q(etat="ouverte")
                | (
                    Q(confirmes__lt=F("places"), close_le__isnull=True)
                    & (Q(vague=3, prochaine_vague_le__isnull=True) | Q(vague__lt=3, prochaine_vague_le__isnull=False))
                ),
                name="urgence_ouverte_continue",
            ),
            models.CheckConstraint(
                condition=Q(etat="ouverte") | Q(close_le__isnull=False, prochaine_vague_le__isnull=True),
                name="urgence_close_s_arrete",
            ),
            models.CheckConstraint(
                condition=(Q(etat="pourvue") & (Q(autrement=True) | Q(confirmes=F("places"))))
                | (~Q(etat="pourvue") & Q(autrement=False)),
                name="urgence_pourvue_au_complet",
            ),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("ressources:urgence", args=[self.pk])

    @property
    def est_ouverte(self) -> bool:
        return self.etat == self.Etat.OUVERTE

    @property
    def est_passee(self) -> bool:
        return self.fin <= timezone.now()

    @property
    def restent(self) -> int:
        """How many persons are still looked for."""
        return self.places - self.confirmes

    def est_utile(self, le) -> bool:
        """Whether a call that leaves at `le` still serves: before it begins, or before the middle of a long one."""
        return le < max(self.debut, self.debut + (self.fin - self.debut) / 2)


class Appel(models.Model):
    """One person called for one urgency, for their structure or for themselves (`structure` null).

        prevu → envoye → oui | non | trop_tard      pourvue: → reserve → envoye      oui → desiste

    `prevu`: held back until the end of the person's quiet hours. `reserve`: said yes when it was found already; the
    first called again if a helper withdraws. `trop_tard`: closed without their answer. `envois`: mails that asked.
    What the helper gives (name, phone, words) is shown to the asker once they said yes, and emptied after 90 days.
    """

    class Etat(models.TextChoices):
        PREVU = "prevu", "prévu"
        ENVOYE = "envoye", "sans réponse"
        OUI = "oui", "a dit oui"
        NON = "non", "a dit non"
        RESERVE = "reserve", "en réserve"
        DESISTE = "desiste", "s'est désisté"
        TROP_TARD = "trop_tard", "trop tard"

    urgence = models.ForeignKey(Urgence, on_delete=models.CASCADE, related_name="appels")
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="appels_urgents"
    )
    structure = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.SET_NULL, related_name="appels_urgents"
    )
    vague = models.PositiveSmallIntegerField()
    raisons = models.CharField("pourquoi elle", max_length=300, blank=True)
    distance = models.FloatField("distance (km)", null=True, blank=True)
    etat = models.CharField("état", max_length=9, choices=Etat.choices, default=Etat.ENVOYE)
    envois = models.PositiveSmallIntegerField("messages envoyés", default=0)
    envoyer_le = models.DateTimeField("à envoyer le", null=True, blank=True)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    reponse_le = models.DateTimeField("répondu le", null=True, blank=True)
    nom = models.CharField(max_length=120, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True, validators=[valider_telephone])
    message = models.CharField("un mot", max_length=500, blank=True)
    cree_le = models.DateTimeField("appelée le", auto_now_add=True)

    objects = AppelQuerySet.as_manager()

    class Meta:
        verbose_name = "appel urgent"
        verbose_name_plural = "appels urgents"
        ordering = ["vague", "pk"]
        indexes = [
            models.Index(fields=["envoyer_le"], condition=Q(etat="prevu"), name="appel_a_envoyer"),
            models.Index(fields=["utilisateur", "envoye_le"], name="appel_de_la_personne"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["urgence", "utilisateur"], name="appel_une_fois"),
            models.CheckConstraint(
                condition=Q(
                    etat__in=["prevu", "envoye", "oui", "non", "reserve", "desiste", "trop_tard"], vague__range=(1, 2)
                ),
                name="appel_etat_connu",
            ),
            models.CheckConstraint(
                condition=Q(etat="prevu", envoyer_le__isnull=False) | (~Q(etat="prevu") & Q(envoyer_le__isnull=True)),
                name="appel_prevu_date",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["prevu", "trop_tard"]) | Q(envoye_le__isnull=False, envois__gte=1),
                name="appel_envoye_date",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["oui", "non", "reserve", "desiste"]) | Q(reponse_le__isnull=False),
                name="appel_reponse_datee",
            ),
        ]

    def __str__(self):
        return f"{self.utilisateur or 'quelqu’un'} pour {self.urgence}"


class PreferenceUrgences(models.Model):
    """When and for what a person may be called. No row: called for their structure only, with these defaults.

    Times are of Europe/Paris; equal ones mean no quiet hours.
    """

    class Accepte(models.TextChoices):
        OUI = "oui", "Oui, pour moi-même et pour ma structure"
        STRUCTURE = "structure", "Seulement pour ma structure, si elle les accepte"
        JAMAIS = "jamais", "Non, jamais"

    utilisateur = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference_urgences"
    )
    accepte = models.CharField("accepte", max_length=9, choices=Accepte.choices, default=Accepte.STRUCTURE)
    savoir_faire = models.CharField("savoir-faire", max_length=500, blank=True)
    commune = models.ForeignKey(Commune, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    rayon = models.PositiveSmallIntegerField(
        "rayon (km)", default=15, validators=[MinValueValidator(1), MaxValueValidator(RAYON_MAX)]
    )
    calme_debut = models.TimeField("heures calmes, de", default=time(21, 0))
    calme_fin = models.TimeField("heures calmes, à", default=time(7, 0))
    par_semaine = models.PositiveSmallIntegerField(
        "appels par semaine, au plus", default=3, validators=[MinValueValidator(1), MaxValueValidator(APPELS_MAX)]
    )
    telephone = models.CharField("téléphone", max_length=20, blank=True, validators=[valider_telephone])
    modifie_le = models.DateTimeField("modifiée le", auto_now=True)

    class Meta:
        verbose_name = "préférence d'appels urgents"
        verbose_name_plural = "préférences d'appels urgents"
        constraints = [
            models.CheckConstraint(condition=Q(accepte__in=["oui", "structure", "jamais"]), name="urgences_accepte"),
            models.CheckConstraint(
                condition=Q(rayon__range=(1, RAYON_MAX), par_semaine__range=(1, APPELS_MAX)), name="urgences_bornes"
            ),
            models.CheckConstraint(
                condition=~Q(accepte="oui") | Q(commune__isnull=False), name="urgences_benevole_situe"
            ),
        ]

    def __str__(self):
        return f"{self.utilisateur} : {self.get_accepte_display()}"


class ReglagesUrgences(models.Model):
    """Whether a structure accepts urgent calls, how far, and which of its référents are called (none: all)."""

    structure = models.OneToOneField(Structure, on_delete=models.CASCADE, related_name="reglages_urgences")
    accepte = models.BooleanField("accepte les appels urgents", default=True)
    rayon = models.PositiveSmallIntegerField(
        "rayon (km)", default=30, validators=[MinValueValidator(1), MaxValueValidator(RAYON_MAX)]
    )
    referents = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name="référents à appeler"
    )

    class Meta:
        verbose_name = "réglages des appels urgents"
        verbose_name_plural = "réglages des appels urgents"
        constraints = [
            models.CheckConstraint(condition=Q(rayon__range=(1, RAYON_MAX)), name="reglages_urgences_rayon"),
        ]

    def __str__(self):
        return f"{self.structure} : {'accepte' if self.accepte else 'refuse'}"
