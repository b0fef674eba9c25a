from django.conf import settings
from django.db import models


class Courriel(models.Model):
    """One mail to one address: outbox before it leaves, ledger afterwards.

    Written in the transaction of the act that causes it, together with its job. A worker takes it `en_vol`,
    commits, sends, then marks it `parti`; a worker that dies in between leaves it `en_vol`, which the
    periodic sweep turns into `incertain`: nothing uncertain is ever sent again by itself.
    """

    class Etat(models.TextChoices):
        PRET = "pret", "prêt"
        EN_VOL = "en_vol", "en cours d'envoi"
        PARTI = "parti", "parti"
        INCERTAIN = "incertain", "incertain"
        DIFFERE = "differe", "différé"
        REJETE = "rejete", "rejeté"

    gabarit = models.CharField(max_length=60)
    destinataire = models.EmailField()
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="courriels"
    )
    repondre_a = models.EmailField("répondre à", blank=True)
    sujet = models.CharField(max_length=200)
    texte = models.TextField(blank=True)
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    confidentiel = models.BooleanField(
        default=False,
        help_text="Holds a code or a link that opens an account: hidden from staff, wiped once sent.",
    )
    objet_type = models.CharField(max_length=60, blank=True, help_text="app.model of what it is about.")
    objet_id = models.CharField(max_length=40, blank=True)
    cle_unicite = models.CharField(
        max_length=120,
        null=True,
        blank=True,
        unique=True,
        help_text="A second mail with this key is not written.",
    )
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.PRET)
    tentatives = models.PositiveSmallIntegerField(default=0)
    erreur = models.TextField(blank=True)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    en_vol_depuis = models.DateTimeField(null=True, blank=True)
    prochaine_tentative_le = models.DateTimeField(null=True, blank=True)
    parti_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "courriel"
        verbose_name_plural = "courriels"
        ordering = ["-cree_le", "-pk"]
        indexes = [
            models.Index(fields=["etat", "prochaine_tentative_le"]),
            models.Index(fields=["objet_type", "objet_id"]),
            models.Index(fields=["destinataire"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(etat__in=["pret", "en_vol", "parti", "incertain", "differe", "rejete"]),
                name="courriel_etat_connu",
            ),
            models.CheckConstraint(
                condition=~models.Q(etat="parti") | models.Q(parti_le__isnull=False),
                name="courriel_parti_date",
            ),
            models.CheckConstraint(
                condition=~models.Q(etat="en_vol") | models.Q(en_vol_depuis__isnull=False),
                name="courriel_en_vol_date",
            ),
        ]

    def __str__(self):
        return f"{self.sujet} → {self.destinataire}"

    def effacer_si_confidentiel(self):
        """Empty the body of a confidential mail whose fate is known (the caller saves)."""
        if self.confidentiel:
            self.texte = self.html = ""


class CourrielEntrant(models.Model):
    """A mail received through the webhook of the mail provider; stripped of quoted addresses."""

    class Etat(models.TextChoices):
        RECU = "recu", "reçu"
        TRAITE = "traite", "traité"
        IGNORE = "ignore", "ignoré"

    identifiant = models.CharField(max_length=200, unique=True, help_text="Provider's event id or Message-ID.")
    jeton = models.CharField(max_length=100, blank=True, help_text="What identifies the thread: never From.")
    destinataire = models.CharField(max_length=254, blank=True)
    sujet = models.CharField(max_length=200, blank=True)
    texte = models.TextField(blank=True)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.RECU)
    motif = models.CharField(max_length=200, blank=True)
    recu_le = models.DateTimeField("reçu le", auto_now_add=True)

    class Meta:
        verbose_name = "courriel entrant"
        verbose_name_plural = "courriels entrants"
        ordering = ["-recu_le", "-pk"]

    def __str__(self):
        return self.sujet or self.identifiant
