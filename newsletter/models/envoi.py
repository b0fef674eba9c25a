from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from newsletter.querysets import EnvoiQuerySet

from .abonne import Abonne
from .interets import Interets
from .numero import Numero


class Rendu(models.Model):
    """An issue as everybody with the same interests gets it: words frozen, personal places left as tokens.

    Two combinations of interests that select the same elements share one rendering. `complet`: the one with every
    element, which the archive shows.
    """

    numero = models.ForeignKey(Numero, on_delete=models.CASCADE, related_name="rendus")
    cle = models.CharField(max_length=64, help_text="SHA-256 of the elements selected, in order.")
    complet = models.BooleanField(default=False)
    elements = ArrayField(models.BigIntegerField(), default=list, blank=True, help_text="Keys of Element, in order.")
    interets = models.ManyToManyField(Interets, related_name="rendus", blank=True)
    html = models.TextField()
    texte = models.TextField()
    cree_le = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "rendu de la lettre"
        verbose_name_plural = "rendus de la lettre"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["numero", "cle"], name="rendu_une_fois"),
            models.UniqueConstraint(fields=["numero"], condition=Q(complet=True), name="rendu_complet_unique"),
            models.CheckConstraint(condition=~Q(html="") & ~Q(texte=""), name="rendu_deux_parties"),
        ]

    def __str__(self):
        return f"{self.numero}, rendu {self.pk}"


class Envoi(models.Model):
    """One issue to one subscriber: the ledger that staff can trust.

        pret → en_vol → parti | incertain | differe | rejete      differe → pret (by itself, later)
        incertain | rejete → pret (staff: « renvoyer »)      parti → rejete | plainte (a report came back)
        pret | differe → saute(motif)

    `ouvrier`: key of the advisory lock that the worker holding the row keeps on its session; when that lock is free
    the worker is dead, its `en_vol` row becomes `incertain`, its others are free again. A row is `en_vol`, committed,
    before the body of its message leaves. Triggers refuse that a message `parti` leaves again, or an uncertain one
    without a decision. The address is the subscriber's, read when the row is taken: none is kept here. Every move
    writes each index: there are few of them on purpose.
    """

    class Etat(models.TextChoices):
        PRET = "pret", "prêt"
        EN_VOL = "en_vol", "en cours d'envoi"
        PARTI = "parti", "parti"
        INCERTAIN = "incertain", "incertain"
        DIFFERE = "differe", "différé"
        REJETE = "rejete", "rejeté"
        PLAINTE = "plainte", "signalé comme indésirable"
        SAUTE = "saute", "sauté"

    class Motif(models.TextChoices):
        """Why a recipient was skipped."""

        DESABONNE = "desabonne", "désabonné entre-temps"
        SUSPENDU = "suspendu", "suspendu entre-temps"
        FREQUENCE = "frequence", "a déjà reçu une lettre ce mois-ci"
        SANS_CONTENU = "sans_contenu", "rien pour ses centres d'intérêt"
        ANNULE = "annule", "envoi annulé"

    numero = models.ForeignKey(Numero, on_delete=models.CASCADE, related_name="envois", db_index=False)
    abonne = models.ForeignKey(Abonne, null=True, blank=True, on_delete=models.SET_NULL, related_name="envois")
    rendu = models.ForeignKey(Rendu, null=True, blank=True, on_delete=models.RESTRICT, related_name="envois")
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.PRET)
    motif = models.CharField("raison du saut", max_length=12, choices=Motif.choices, blank=True)
    erreur = models.TextField(blank=True)
    tentatives = models.PositiveSmallIntegerField("essais", default=0)
    ouvrier = models.BigIntegerField(null=True, blank=True, editable=False)
    pris_le = models.DateTimeField(null=True, blank=True, editable=False)
    en_vol_depuis = models.DateTimeField(null=True, blank=True)
    prochaine_le = models.DateTimeField("prochain essai le", null=True, blank=True)
    parti_le = models.DateTimeField(null=True, blank=True)
    decide_le = models.DateTimeField("décidé le", null=True, blank=True)
    decide_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    objects = EnvoiQuerySet.as_manager()

    class Meta:
        verbose_name = "envoi"
        verbose_name_plural = "envois"
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["numero", "id"],
                condition=Q(etat__in=["pret", "differe"], ouvrier__isnull=True),
                name="envoi_a_prendre",
            ),
            models.Index(fields=["ouvrier"], condition=Q(ouvrier__isnull=False), name="envoi_pris"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["numero", "abonne"], name="envoi_un_par_abonne"),
            models.CheckConstraint(
                condition=Q(etat__in=["pret", "en_vol", "parti", "incertain", "differe", "rejete", "plainte", "saute"]),
                name="envoi_etat_connu",
            ),
            models.CheckConstraint(
                condition=Q(etat="saute") & ~Q(motif="") | ~Q(etat="saute") & Q(motif=""), name="envoi_saute_dit"
            ),
            models.CheckConstraint(condition=Q(etat="saute") | Q(rendu__isnull=False), name="envoi_rendu_donne"),
            models.CheckConstraint(
                condition=Q(etat="en_vol", ouvrier__isnull=False, en_vol_depuis__isnull=False)
                | Q(etat="pret", en_vol_depuis__isnull=True)
                | ~Q(etat__in=["en_vol", "pret"]) & Q(ouvrier__isnull=True, en_vol_depuis__isnull=True),
                name="envoi_en_vol_tenu",
            ),
            models.CheckConstraint(
                condition=Q(ouvrier__isnull=True) | Q(pris_le__isnull=False), name="envoi_prise_datee"
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["parti", "plainte"]) | Q(parti_le__isnull=False), name="envoi_parti_date"
            ),
            models.CheckConstraint(
                condition=Q(etat="differe", prochaine_le__isnull=False)
                | ~Q(etat="differe") & Q(prochaine_le__isnull=True),
                name="envoi_differe_date",
            ),
        ]

    def __str__(self):
        return f"{self.numero} → {self.abonne or 'désabonné'}"

    @property
    def attend_decision(self) -> bool:
        """Uncertain, and nobody of the staff has chosen yet."""
        return self.etat == self.Etat.INCERTAIN and self.decide_le is None
