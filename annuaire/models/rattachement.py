import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from annuaire.querysets import RattachementQuerySet

from .structure import Structure


class Rattachement(models.Model):
    """A person's place in a structure. An invitation holds an address until an account accepts it."""

    class Role(models.TextChoices):
        REFERENT = "referent", "référent"
        MEMBRE = "membre", "membre"

    class Etat(models.TextChoices):
        INVITE = "invite", "invité"
        DEMANDE = "demande", "demandé"
        ACTIF = "actif", "actif"

    class Origine(models.TextChoices):
        PROPOSITION = "proposition", "a proposé la structure"
        REVENDICATION = "revendication", "a confirmé par l'adresse de la structure"
        INVITATION = "invitation", "invité par un collègue"
        EQUIPE = "equipe", "par l'équipe du pôle"

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="rattachements",
    )
    courriel = models.EmailField("adresse invitée", blank=True)
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="rattachements")
    role = models.CharField("rôle", max_length=10, choices=Role.choices, default=Role.MEMBRE)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.ACTIF)
    origine = models.CharField(max_length=15, choices=Origine.choices, default=Origine.EQUIPE)
    message = models.CharField(max_length=500, blank=True)
    invite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitations"
    )
    cree_le = models.DateTimeField("demandé le", auto_now_add=True)
    actif_depuis = models.DateTimeField(null=True, blank=True)

    objects = RattachementQuerySet.as_manager()
    history = HistoricalRecords(history_id_field=models.UUIDField(default=uuid.uuid4))

    class Meta:
        verbose_name = "rattachement"
        verbose_name_plural = "rattachements"
        ordering = ["role", "cree_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "structure"],
                condition=Q(utilisateur__isnull=False),
                name="rattachement_une_fois",
            ),
            models.CheckConstraint(
                condition=Q(utilisateur__isnull=False) | (Q(etat="invite") & ~Q(courriel="")),
                name="rattachement_quelqu_un",
            ),
            models.CheckConstraint(
                condition=~Q(etat="actif") | Q(actif_depuis__isnull=False), name="rattachement_actif_date"
            ),
        ]

    def __str__(self):
        return f"{self.utilisateur or self.courriel}, {self.get_role_display()} de {self.structure}"
