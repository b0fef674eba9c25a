import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from annuaire.models import Structure
from reunions.querysets import ActionQuerySet, ProjetQuerySet

from .atelier import Categorie, PostIt
from .reunion import Reunion


class Projet(models.Model):
    """An action that lasts: a collective project, or a commission, with members, meetings, actions and news."""

    class Genre(models.TextChoices):
        PROJET = "projet", "projet collectif"
        COMMISSION = "commission", "commission"

    class Etat(models.TextChoices):
        OUVERT = "ouvert", "ouvert"
        EN_PAUSE = "en_pause", "en pause"
        TERMINE = "termine", "terminé"

    genre = models.CharField(max_length=10, choices=Genre.choices, default=Genre.PROJET)
    nom = models.CharField(max_length=140)
    description = models.TextField(blank=True, max_length=4000)
    etat = models.CharField("état", max_length=8, choices=Etat.choices, default=Etat.OUVERT)
    pilote = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.SET_NULL, related_name="projets_pilotes"
    )
    membres = models.ManyToManyField(Structure, through="reunions.MembreProjet", related_name="projets", blank=True)
    cle = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, help_text="Key of the form: a retried request writes once."
    )
    est_demonstration = models.BooleanField("exemple de démonstration", default=False)
    cree_le = models.DateTimeField("ouvert le", auto_now_add=True)
    modifie_le = models.DateTimeField(auto_now=True)

    objects = ProjetQuerySet.as_manager()

    class Meta:
        verbose_name = "projet ou commission"
        verbose_name_plural = "projets et commissions"
        ordering = ["nom", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(nom=""), name="projet_nomme"),
            models.CheckConstraint(condition=Q(etat__in=["ouvert", "en_pause", "termine"]), name="projet_etat_connu"),
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("reunions:projet_detail", args=[self.pk])


class MembreProjet(models.Model):
    """A structure that takes part in a project; who said so."""

    projet = models.ForeignKey(Projet, on_delete=models.CASCADE, related_name="adhesions")
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="adhesions_projets")
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    cree_le = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "membre d'un projet"
        verbose_name_plural = "membres des projets"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["projet", "structure"], name="membre_projet_une_fois")]

    def __str__(self):
        return f"{self.structure}, {self.projet}"


class Action(models.Model):
    """What was decided: what, who leads, who joins, by when. « En retard » is derived."""

    class Etat(models.TextChoices):
        A_FAIRE = "a_faire", "à faire"
        EN_COURS = "en_cours", "en cours"
        FAITE = "faite", "faite"
        ABANDONNEE = "abandonnee", "abandonnée"

    titre = models.CharField("quoi", max_length=200)
    details = models.TextField("précisions", blank=True, max_length=4000)
    pilote = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.SET_NULL, related_name="actions_pilotees"
    )
    structures = models.ManyToManyField(
        Structure, through="reunions.ActionStructure", related_name="actions", blank=True
    )
    echeance = models.DateField("pour le", null=True, blank=True)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.A_FAIRE)
    reunion = models.ForeignKey(
        Reunion, null=True, blank=True, on_delete=models.SET_NULL, related_name="actions", verbose_name="décidée à"
    )
    categorie = models.ForeignKey(
        Categorie, null=True, blank=True, on_delete=models.SET_NULL, related_name="actions", verbose_name="née de"
    )
    postit = models.ForeignKey(
        PostIt, null=True, blank=True, on_delete=models.SET_NULL, related_name="actions", verbose_name="née du post-it"
    )
    projet = models.ForeignKey(Projet, null=True, blank=True, on_delete=models.SET_NULL, related_name="actions")
    publique = models.BooleanField("visible de tous", default=True)
    close_le = models.DateTimeField("faite ou abandonnée le", null=True, blank=True)
    rappelee_le = models.DateField(null=True, blank=True, editable=False)
    cle = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, help_text="Key of the form: a retried request writes once."
    )
    est_demonstration = models.BooleanField("exemple de démonstration", default=False)
    cree_le = models.DateTimeField("notée le", auto_now_add=True)
    modifie_le = models.DateTimeField(auto_now=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = "action"
        verbose_name_plural = "actions"
        ordering = ["echeance", "pk"]
        indexes = [models.Index(fields=["etat", "echeance"], name="action_etat_echeance")]
        constraints = [
            models.CheckConstraint(condition=~Q(titre=""), name="action_nommee"),
            models.CheckConstraint(
                condition=Q(etat__in=["a_faire", "en_cours", "faite", "abandonnee"]), name="action_etat_connu"
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["a_faire", "en_cours"], close_le__isnull=True)
                | Q(etat__in=["faite", "abandonnee"], close_le__isnull=False),
                name="action_close_datee",
            ),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("reunions:action_detail", args=[self.pk])

    @property
    def est_ouverte(self) -> bool:
        return self.etat in (self.Etat.A_FAIRE, self.Etat.EN_COURS)

    @property
    def est_en_retard(self) -> bool:
        """Still open after its day (Europe/Paris)."""
        return self.est_ouverte and self.echeance is not None and self.echeance < timezone.localdate()


class ActionStructure(models.Model):
    """A structure that joined an action."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="engagements")
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="engagements")
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    cree_le = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "engagement dans une action"
        verbose_name_plural = "engagements dans des actions"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["action", "structure"], name="engagement_une_fois")]

    def __str__(self):
        return f"{self.structure}, {self.action}"


class Nouvelle(models.Model):
    """What is new on an action or a project, in a few lines; of exactly one of the two."""

    action = models.ForeignKey(Action, null=True, blank=True, on_delete=models.CASCADE, related_name="nouvelles")
    projet = models.ForeignKey(Projet, null=True, blank=True, on_delete=models.CASCADE, related_name="nouvelles")
    texte = models.TextField(max_length=2000)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    structure = models.ForeignKey(Structure, null=True, blank=True, on_delete=models.SET_NULL, related_name="nouvelles")
    cle = models.UUIDField(unique=True, help_text="Key of the form that was shown: a retried request writes once.")
    cree_le = models.DateTimeField("parue le", auto_now_add=True)

    class Meta:
        verbose_name = "nouvelle"
        verbose_name_plural = "nouvelles"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(action__isnull=False, projet__isnull=True) | Q(action__isnull=True, projet__isnull=False),
                name="nouvelle_d_un_seul",
            ),
            models.CheckConstraint(condition=~Q(texte=""), name="nouvelle_non_vide"),
        ]

    def __str__(self):
        return self.texte[:60]
