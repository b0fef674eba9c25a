from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from pole_ess.socle import couleurs


def valider_couleur(valeur: str) -> None:
    """A colour whose text everybody can read on the site's paper; else the message names the nearest that fits."""
    valeur = valeur.lower()
    if not couleurs.HEXA.match(valeur):
        raise ValidationError("Écrivez la couleur comme #0b5c5a : un dièse, puis six chiffres ou lettres de a à f.")
    ratio = couleurs.contraste(couleurs.rvb(valeur), couleurs.PAPIER)
    if ratio < couleurs.CONTRASTE:
        proche = couleurs.hexa(couleurs.lisible(couleurs.rvb(valeur), couleurs.NOIR, couleurs.PAPIER))
        ecrit = f"{ratio:.1f}".replace(".", ",")
        raise ValidationError(
            f"Cette couleur est trop claire pour écrire : contraste de {ecrit} pour 1 sur le fond du site, il en faut "
            f"{couleurs.CONTRASTE}. La plus proche qui convient est {proche}."
        )


def _entre(minimum: int, maximum: int) -> list:
    return [MinValueValidator(minimum), MaxValueValidator(maximum)]


class ReglagesPole(models.Model):
    """The hub's own settings: one row, edited in the admin, so that another territory can run the portal."""

    nom = models.CharField("nom du pôle", max_length=80, default="Pôle ESS")
    territoire_nom = models.CharField("nom du territoire", max_length=80, default="Vichy Auvergne")
    accroche = models.CharField(
        max_length=200,
        default="Qui fait quoi, qui a quoi, qui cherche quoi autour de Vichy",
        help_text="La phrase en tête de l'accueil.",
    )
    courriel_equipe = models.EmailField("adresse e-mail de l'équipe", default="equipe@pole.example.org")
    telephone_equipe = models.CharField("téléphone de l'équipe", max_length=20, blank=True)
    adresse_postale = models.TextField("adresse postale", blank=True)
    territoire = ArrayField(
        models.CharField(max_length=5),
        default=list,
        blank=True,
        verbose_name="communes du territoire",
        help_text="Codes officiels (COG) des communes, séparés par des virgules.",
    )
    latitude_centre = models.FloatField("latitude du centre", default=46.1278)
    longitude_centre = models.FloatField("longitude du centre", default=3.4264)
    editeur = models.CharField("éditeur du site", max_length=200, blank=True)
    directeur_publication = models.CharField("responsable de la publication (fonction)", max_length=200, blank=True)
    hebergeur = models.TextField("hébergeur", blank=True)
    delegue_donnees = models.CharField(
        "joindre le délégué à la protection des données",
        max_length=200,
        blank=True,
        help_text="Une adresse e-mail ou postale. Vide : l'adresse de l'équipe.",
    )
    mentions_plus = models.TextField("à ajouter aux mentions légales", blank=True, max_length=20_000)
    donnees_plus = models.TextField("à ajouter à la page « Données personnelles »", blank=True, max_length=20_000)
    logo = models.ImageField(
        upload_to="pole/",
        blank=True,
        help_text="Affiché en tête de chaque page, à 40 pixels de haut. JPEG, PNG ou WebP.",
    )
    couleur = models.CharField(
        "couleur du pôle",
        max_length=7,
        default=couleurs.PAR_DEFAUT,
        validators=[valider_couleur],
        help_text="Celle des liens et des boutons. La version pour fond sombre en est tirée.",
    )
    jours_annonce = models.PositiveSmallIntegerField(
        "validité d'une annonce (jours)",
        default=90,
        validators=_entre(7, 365),
        help_text="Proposée par défaut ; chacun peut choisir une autre date, à un an au plus.",
    )
    mois_confirmation = models.PositiveSmallIntegerField(
        "une fiche est à confirmer après (mois)",
        default=12,
        choices=[(6, "six mois"), (12, "un an"), (18, "dix-huit mois"), (24, "deux ans")],
        help_text="Sans nouvelle de la structure pendant ce temps, le portail lui demande si tout est encore juste.",
    )
    urgence_delai_minutes = models.PositiveSmallIntegerField(
        "appels urgents : minutes entre deux vagues", default=20, validators=_entre(5, 240)
    )
    urgences_par_semaine = models.PositiveSmallIntegerField(
        "appels urgents : par structure, en sept jours", default=5, validators=_entre(1, 50)
    )

    class Meta:
        verbose_name = "réglages du pôle"
        verbose_name_plural = "réglages du pôle"
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="reglages_une_seule_ligne"),
            models.CheckConstraint(condition=models.Q(jours_annonce__range=(7, 365)), name="reglages_jours_annonce"),
            models.CheckConstraint(condition=models.Q(mois_confirmation__in=[6, 12, 18, 24]), name="reglages_mois"),
            models.CheckConstraint(condition=models.Q(couleur__regex=r"^#[0-9a-f]{6}$"), name="reglages_couleur"),
        ]

    def __str__(self):
        return self.nom

    @property
    def habille(self) -> bool:
        """The hub has a colour of its own: pages then link its style sheet."""
        return self.couleur != couleurs.PAR_DEFAUT

    @property
    def nuances(self) -> couleurs.Nuances:
        """The tokens of the light scheme; mails draw with them."""
        return couleurs.claires(self.couleur)

    @property
    def nuances_sombres(self) -> couleurs.Nuances:
        return couleurs.sombres(self.couleur)

    def fiche_a_confirmer_depuis(self, le):
        """A sheet last confirmed on or before this day is to be confirmed on the day `le`."""
        return le - timedelta(days=round(self.mois_confirmation * 365 / 12))

    @classmethod
    def actuels(cls):
        """The hub's settings; the defaults, not written (a GET never writes), until staff save them once."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
