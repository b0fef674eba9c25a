import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from pole_ess.socle.stockage import prive


def _chemin(_import, _nom):
    return f"imports/{uuid.uuid4().hex}"


class ImportAbonnes(models.Model):
    """A list of addresses given by staff with the proof that their owners agreed; previewed, then applied.

    `preuve` says where, how and with which words people agreed; `consenti_le`, until when at the latest.
    """

    class Etat(models.TextChoices):
        PREVISUALISE = "previsualise", "prévisualisé"
        APPLIQUE = "applique", "appliqué"
        ECHEC = "echec", "illisible"

    fichier = models.FileField(upload_to=_chemin, storage=prive, blank=True)
    nom = models.CharField("nom du fichier", max_length=200)
    preuve = models.TextField("preuve du consentement", max_length=2000)
    consenti_le = models.DateField("consentement donné au plus tard le")
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    etat = models.CharField("état", max_length=12, choices=Etat.choices, default=Etat.PREVISUALISE)
    erreur = models.TextField(blank=True)
    resume = models.JSONField("lignes par résultat", default=dict, blank=True)  # status -> number of lines
    cree_le = models.DateTimeField("déposé le", auto_now_add=True)
    applique_le = models.DateTimeField("appliqué le", null=True, blank=True)

    class Meta:
        verbose_name = "import d'abonnés"
        verbose_name_plural = "imports d'abonnés"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(preuve=""), name="import_abonnes_preuve"),
            models.CheckConstraint(
                condition=~Q(etat="applique") | Q(applique_le__isnull=False), name="import_abonnes_applique_date"
            ),
        ]

    def __str__(self):
        return self.nom


class LigneImportAbonne(models.Model):
    """What became of one line of an imported list. No address here: the line's number is enough to find it."""

    class Statut(models.TextChoices):
        AJOUTEE = "ajoutee", "ajoutée"
        CONFIRMEE = "confirmee", "était en attente, confirmée par la preuve"
        DEJA = "deja", "déjà abonnée"
        DESABONNEE = "desabonnee", "désabonnée : laissée de côté"
        OPPOSEE = "opposee", "opposée à tout message : laissée de côté"
        SUSPENDUE = "suspendue", "suspendue : laissée de côté"
        REJETEE = "rejetee", "rejetée"

    import_abonnes = models.ForeignKey(ImportAbonnes, on_delete=models.CASCADE, related_name="lignes")
    numero = models.PositiveIntegerField("ligne")
    statut = models.CharField(max_length=10, choices=Statut.choices)
    raison = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "ligne d'import d'abonnés"
        verbose_name_plural = "lignes d'import d'abonnés"
        ordering = ["numero", "pk"]
        constraints = [models.UniqueConstraint(fields=["import_abonnes", "numero"], name="ligne_import_abonne_unique")]

    def __str__(self):
        return f"ligne {self.numero} : {self.get_statut_display()}"
