import uuid

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from annuaire.querysets_suivi import EchangeQuerySet
from annuaire.validateurs import valider_telephone

from .structure import Structure


class Contact(models.Model):
    """A named person of a structure. Each detail stays private until their consent is recorded (RGPD)."""

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="contacts")
    nom = models.CharField(max_length=120)
    fonction = models.CharField(max_length=120, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True, validators=[valider_telephone])
    courriel = models.EmailField("adresse e-mail", blank=True)
    nom_public = models.BooleanField("nom et fonction publics", default=False)
    telephone_public = models.BooleanField("téléphone public", default=False)
    courriel_public = models.BooleanField("adresse e-mail publique", default=False)
    consentement_le = models.DateField("accord donné le", null=True, blank=True)
    consentement_source = models.CharField("accord recueilli comment", max_length=200, blank=True)
    ordre = models.PositiveSmallIntegerField(default=0)

    history = HistoricalRecords(history_id_field=models.UUIDField(default=uuid.uuid4))

    class Meta:
        verbose_name = "contact"
        verbose_name_plural = "contacts"
        ordering = ["ordre", "nom", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(nom_public=False, telephone_public=False, courriel_public=False)
                | models.Q(consentement_le__isnull=False, nom_public=True),
                name="contact_public_avec_accord",
                violation_error_message="Rien de public sans l'accord daté de la personne, et sans son nom.",
            )
        ]

    def __str__(self):
        return self.nom


class Echange(models.Model):
    """Staff's contact log of a structure: a call, a visit, a mail; what was said; when to call again."""

    class Moyen(models.TextChoices):
        APPEL = "appel", "appel"
        VISITE = "visite", "visite"
        COURRIEL = "courriel", "courriel"
        REUNION = "reunion", "réunion"

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="echanges")
    moyen = models.CharField(max_length=10, choices=Moyen.choices, default=Moyen.APPEL)
    date = models.DateField()
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="echanges"
    )
    interlocuteur = models.CharField("avec qui", max_length=120, blank=True)
    note = models.TextField("ce qui s'est dit", blank=True)
    prochaine_date = models.DateField("rappeler le", null=True, blank=True)
    confirme = models.BooleanField("fiche confirmée", default=False)
    cree_le = models.DateTimeField(auto_now_add=True)

    objects = EchangeQuerySet.as_manager()

    class Meta:
        verbose_name = "échange"
        verbose_name_plural = "échanges"
        ordering = ["-date", "-pk"]

    def __str__(self):
        return f"{self.get_moyen_display()} du {self.date:%d/%m/%Y}"
