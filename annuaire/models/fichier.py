import uuid

from django.conf import settings
from django.db import models

from pole_ess.socle.stockage import prive

from .structure import Structure


def _chemin(_import, nom):
    return f"imports/{uuid.uuid4().hex}"


class ImportStructures(models.Model):
    """A file of structures given by staff: previewed, then applied; its report stays."""

    class Etat(models.TextChoices):
        PREVISUALISE = "previsualise", "prévisualisé"
        APPLIQUE = "applique", "appliqué"
        ECHEC = "echec", "illisible"

    fichier = models.FileField(upload_to=_chemin, storage=prive, blank=True)
    nom = models.CharField("nom du fichier", max_length=200)
    source = models.CharField(max_length=40)
    tout_ou_rien = models.BooleanField("tout ou rien", default=False)
    publier = models.BooleanField("publier tout de suite les nouvelles fiches", default=True)
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="imports"
    )
    etat = models.CharField("état", max_length=12, choices=Etat.choices, default=Etat.PREVISUALISE)
    erreur = models.TextField(blank=True)
    resume = models.JSONField(default=dict, blank=True, help_text="État : nombre de lignes.")
    cree_le = models.DateTimeField("déposé le", auto_now_add=True)
    applique_le = models.DateTimeField("appliqué le", null=True, blank=True)

    class Meta:
        verbose_name = "import de structures"
        verbose_name_plural = "imports de structures"
        ordering = ["-cree_le", "-pk"]

    def __str__(self):
        return self.nom


class LigneImport(models.Model):
    """What became of one line of an imported file."""

    class Statut(models.TextChoices):
        CREEE = "creee", "créée"
        MISE_A_JOUR = "mise_a_jour", "mise à jour"
        INCHANGEE = "inchangee", "inchangée"
        DOUBLON = "doublon", "doublon possible"
        REJETEE = "rejetee", "rejetée"

    import_structures = models.ForeignKey(ImportStructures, on_delete=models.CASCADE, related_name="lignes")
    numero = models.PositiveIntegerField("ligne")
    statut = models.CharField(max_length=12, choices=Statut.choices)
    nom = models.CharField(max_length=200, blank=True)
    raisons = models.JSONField(default=list)
    structure = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.SET_NULL, related_name="lignes_import"
    )

    class Meta:
        verbose_name = "ligne d'import"
        verbose_name_plural = "lignes d'import"
        ordering = ["numero", "pk"]
        constraints = [models.UniqueConstraint(fields=["import_structures", "numero"], name="ligne_import_unique")]

    def __str__(self):
        return f"ligne {self.numero} : {self.get_statut_display()}"
