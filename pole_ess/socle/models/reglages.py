from django.contrib.postgres.fields import ArrayField
from django.db import models


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

    class Meta:
        verbose_name = "réglages du pôle"
        verbose_name_plural = "réglages du pôle"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="reglages_une_seule_ligne")]

    def __str__(self):
        return self.nom

    @classmethod
    def actuels(cls):
        """The hub's settings; the defaults, not written (a GET never writes), until staff save them once."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
