from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

TOLERANCE = timedelta(seconds=30)
"""The queue's clock is the database's: a job may come a moment before this machine's idea of its time."""


class CourrielQuerySet(models.QuerySet):
    """Moves along the life of a mail; each is one conditional UPDATE, so two workers never both win."""

    @transaction.atomic(durable=True)
    def prendre(self, pk: int) -> "Courriel | None":
        """Take a mail that is due, for this worker alone; None when it is not there, settled, or taken.

        Committed on return (`durable`): whoever dies afterwards leaves the row `en_vol`.
        """
        du = models.Q(etat=Courriel.Etat.PRET) | models.Q(
            etat=Courriel.Etat.DIFFERE, prochaine_tentative_le__lte=timezone.now() + TOLERANCE
        )
        pris = self.filter(du, pk=pk).update(
            etat=Courriel.Etat.EN_VOL,
            en_vol_depuis=timezone.now(),
            tentatives=models.F("tentatives") + 1,
            prochaine_tentative_le=None,
        )
        return self.get(pk=pk) if pris else None

    def regler(self, courriel: "Courriel") -> bool:
        """Write the outcome of one attempt; False when a later attempt, or the staff, has moved the row on."""
        return bool(
            self.filter(
                pk=courriel.pk,
                tentatives=courriel.tentatives,
                etat__in=[Courriel.Etat.EN_VOL, Courriel.Etat.INCERTAIN],
            ).update(**{nom: getattr(courriel, nom) for nom in _SUITE})
        )

    def a_decider(self):
        """Uncertain mails that nobody of the staff has looked at."""
        return self.filter(etat=Courriel.Etat.INCERTAIN, decide_le__isnull=True)

    def dus_avant(self, instant):
        """Mails that should have left before `instant`."""
        return self.filter(
            models.Q(etat=Courriel.Etat.PRET, cree_le__lt=instant)
            | models.Q(etat=Courriel.Etat.DIFFERE, prochaine_tentative_le__lt=instant)
        )

    def bilan(self, maintenant, *, en_retard, recents) -> dict:
        """The outbox in figures, for the health page: what waits, what is put off, refused, uncertain; since when.

        `en_retard`: due for so long; `recents`: refused within that time. `dernier`: the last that left. Two queries,
        on the indexes of the state and of the key.
        """
        differe, rejete = models.Q(etat=Courriel.Etat.DIFFERE), models.Q(etat=Courriel.Etat.REJETE)
        retard = models.Q(etat=Courriel.Etat.PRET, cree_le__lt=maintenant - en_retard)
        retard |= models.Q(differe, prochaine_tentative_le__lt=maintenant - en_retard)
        incertain = models.Q(etat=Courriel.Etat.INCERTAIN, decide_le__isnull=True)
        vus = self.exclude(etat=Courriel.Etat.PARTI).aggregate(
            retard=models.Count("pk", filter=retard),
            retard_depuis=models.Min("cree_le", filter=retard),
            differes=models.Count("pk", filter=differe),
            differes_depuis=models.Min("cree_le", filter=differe),
            rejetes=models.Count("pk", filter=models.Q(rejete, cree_le__gte=maintenant - recents)),
            incertains=models.Count("pk", filter=incertain),
        )
        partis = self.filter(etat=Courriel.Etat.PARTI).order_by("-pk").values_list("parti_le", flat=True)[:20]
        return vus | {"dernier": max(partis, default=None)}

    def par_etat(self) -> dict[str, int]:
        """State -> number of mails of the ledger."""
        return dict(self.order_by().values_list("etat").annotate(models.Count("pk")))


_SUITE = ["etat", "erreur", "en_vol_depuis", "parti_le", "prochaine_tentative_le", "texte", "html", "calendrier"]
_SUITE += ["desabonnement"]


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

    gabarit = models.CharField("modèle de message", max_length=60)
    destinataire = models.EmailField()
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="courriels"
    )
    repondre_a = models.EmailField("répondre à", blank=True)
    sujet = models.CharField(max_length=200)
    texte = models.TextField(blank=True)
    html = models.TextField(blank=True)
    calendrier = models.TextField("invitation d'agenda", blank=True, help_text="Objet iCalendar (RFC 5545) joint.")
    calendrier_methode = models.CharField(max_length=10, blank=True, help_text="REQUEST ou CANCEL (RFC 5546).")
    desabonnement = models.CharField(
        "désabonnement en un clic",
        max_length=600,
        blank=True,
        help_text="Adresse à laquelle un logiciel de messagerie écrit pour son lecteur (RFC 8058).",
    )
    message_id = models.CharField(max_length=200, unique=True)
    confidentiel = models.BooleanField(
        default=False,
        help_text="Porte un code ou un lien personnel : caché à l'équipe, effacé une fois parti.",
    )
    objet_type = models.CharField(max_length=60, blank=True, help_text="app.modele de ce dont il parle.")
    objet_id = models.CharField(max_length=40, blank=True)
    cle_unicite = models.CharField(
        "clé d'unicité",
        max_length=120,
        null=True,
        blank=True,
        unique=True,
        help_text="Un deuxième message de même clé n'est pas écrit.",
    )
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.PRET)
    tentatives = models.PositiveSmallIntegerField("essais", default=0)
    erreur = models.TextField(blank=True)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    en_vol_depuis = models.DateTimeField(null=True, blank=True)
    prochaine_tentative_le = models.DateTimeField("prochain essai le", null=True, blank=True)
    parti_le = models.DateTimeField(null=True, blank=True)
    renvoi_de = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="renvoi",
        verbose_name="renvoi de",
        help_text="Un message n'est renvoyé qu'une fois ; sa copie peut l'être à son tour.",
    )
    decide_le = models.DateTimeField("décidé le", null=True, blank=True)
    decide_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="décidé par",
        help_text="Qui, de l'équipe, a choisi de le renvoyer ou de le laisser.",
    )

    objects = CourrielQuerySet.as_manager()

    class Meta:
        verbose_name = "e-mail"
        verbose_name_plural = "e-mails"
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
            models.CheckConstraint(
                condition=models.Q(calendrier="") | ~models.Q(calendrier_methode=""),
                name="courriel_calendrier_methode",
            ),
        ]

    def __str__(self):
        return f"{self.sujet} → {self.destinataire}"

    @property
    def attend_decision(self) -> bool:
        """Uncertain, and nobody of the staff has chosen yet."""
        return self.etat == self.Etat.INCERTAIN and self.decide_le is None

    def effacer_si_confidentiel(self):
        """Empty the body of a confidential mail whose fate is known (the caller saves)."""
        if self.confidentiel:
            self.texte = self.html = self.calendrier = self.desabonnement = ""


class CourrielEntrant(models.Model):
    """A mail received through the webhook of the mail provider; stripped of quoted addresses."""

    class Etat(models.TextChoices):
        RECU = "recu", "reçu"
        TRAITE = "traite", "traité"
        IGNORE = "ignore", "ignoré"

    identifiant = models.CharField(
        max_length=200, unique=True, help_text="Numéro donné par le prestataire, ou Message-ID."
    )
    jeton = models.CharField(
        max_length=100, blank=True, help_text="Ce qui dit de quel échange il s'agit : jamais l'expéditeur affiché."
    )
    destinataire = models.CharField(max_length=254, blank=True)
    sujet = models.CharField(max_length=200, blank=True)
    texte = models.TextField(blank=True)
    calendrier = models.TextField(
        blank=True, help_text="Réponse d'agenda (iCalendar, METHOD:REPLY) ; effacée une fois traitée."
    )
    rapport = models.JSONField(
        null=True, blank=True, help_text="Avis de non-remise ou plainte, lu ; effacé une fois traité."
    )
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.RECU)
    motif = models.CharField(max_length=200, blank=True)
    recu_le = models.DateTimeField("reçu le", auto_now_add=True)

    class Meta:
        verbose_name = "e-mail reçu"
        verbose_name_plural = "e-mails reçus"
        ordering = ["-recu_le", "-pk"]

    def __str__(self):
        return self.sujet or self.identifiant
