from contextlib import suppress

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import get_random_string

from newsletter.querysets import AbonneQuerySet

from .fichier import ImportAbonnes
from .interets import Interets

MENTION_PAR_DEFAUT = (
    "J'accepte de recevoir la lettre du pôle à cette adresse. Elle ne sert qu'à cela, n'est donnée à personne, et "
    "aucun suivi de lecture n'est fait. Je peux me désabonner en un clic, dans chaque lettre."
)


def nouveau_jeton() -> str:
    """24 letters and digits: about 119 bits; in lower case, since some servers change the case of addresses."""
    return get_random_string(24, "abcdefghijkmnpqrstuvwxyz23456789")


def normaliser(courriel: str) -> str:
    """One spelling per mailbox: no spaces, lower case, the domain in ASCII (IDNA), as mail servers need it."""
    courriel = courriel.strip().lower()
    local, arobase, domaine = courriel.rpartition("@")
    with suppress(UnicodeError):
        domaine = domaine.encode("idna").decode("ascii")
    return f"{local}{arobase}{domaine}"


class MentionConsentement(models.Model):
    """A version of the words that a person accepts on subscribing; frozen by a trigger as soon as somebody has.

    The proof of consent is the version shown, its date, its form and its confirmation (RGPD art. 7.1).
    """

    version = models.PositiveIntegerField(unique=True)
    texte = models.TextField(max_length=2000)
    cree_le = models.DateTimeField("écrite le", auto_now_add=True)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = "mention de consentement"
        verbose_name_plural = "mentions de consentement"
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(condition=Q(version__gte=1), name="mention_version"),
            models.CheckConstraint(condition=~Q(texte=""), name="mention_texte"),
        ]

    def __str__(self):
        return f"version {self.version}"

    @classmethod
    def courante(cls) -> "MentionConsentement":
        """The words to show now; the default ones, not written (a GET never writes), until staff write others."""
        return cls.objects.order_by("-version").first() or cls(version=1, texte=MENTION_PAR_DEFAUT)


class Formulaire(models.TextChoices):
    """Where a person said yes."""

    SITE = "site", "formulaire du site"
    COMPTE = "compte", "page « mon compte »"
    EQUIPE = "equipe", "formulaire tenu par l'équipe"
    IMPORT = "import", "liste importée, avec preuve"


PREUVE_DU_CONSENTEMENT = Q(formulaire="import", mention__isnull=True) | (
    ~Q(formulaire="import") & Q(mention__isnull=False)
)


class Abonne(models.Model):
    """Somebody who receives the letter, or has asked to.

        en_attente → confirme ⇄ suspendu      any of them → no row, a Desabonnement (a hash only)

    en_attente: the address was typed, its owner has not confirmed (erased after 30 days). suspendu: bounces, a
    complaint or the staff stopped the mails; the staff may resume them. Who unsubscribes leaves no address behind.
    """

    class Etat(models.TextChoices):
        EN_ATTENTE = "en_attente", "à confirmer"
        CONFIRME = "confirme", "abonné"
        SUSPENDU = "suspendu", "suspendu"

    class Frequence(models.TextChoices):
        CHAQUE = "chaque", "chaque lettre"
        MENSUELLE = "mensuelle", "une lettre par mois au plus"

    class Suspension(models.TextChoices):
        REBOND = "rebond", "adresse qui n'existe pas ou plus"
        REBONDS = "rebonds", "messages revenus plusieurs fois"
        PLAINTE = "plainte", "lettre signalée comme indésirable"
        EQUIPE = "equipe", "décision de l'équipe"

    courriel = models.EmailField(
        "adresse e-mail", unique=True, error_messages={"unique": "Cette adresse est déjà dans la liste."}
    )
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.EN_ATTENTE)
    utilisateur = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="abonnement_lettre"
    )
    interets = models.ForeignKey(
        Interets, on_delete=models.PROTECT, related_name="abonnes", verbose_name="centres d'intérêt"
    )
    frequence = models.CharField("fréquence", max_length=10, choices=Frequence.choices, default=Frequence.CHAQUE)
    jeton = models.CharField(max_length=24, unique=True, default=nouveau_jeton, editable=False)

    formulaire = models.CharField(max_length=6, choices=Formulaire.choices, default=Formulaire.SITE)
    mention = models.ForeignKey(
        MentionConsentement, null=True, blank=True, on_delete=models.PROTECT, related_name="abonnes"
    )
    import_abonnes = models.ForeignKey(
        ImportAbonnes, null=True, blank=True, on_delete=models.SET_NULL, related_name="abonnes", verbose_name="import"
    )
    consenti_le = models.DateTimeField("demande faite le")
    confirme_le = models.DateTimeField("confirmée le", null=True, blank=True)

    rebonds_mous = models.PositiveSmallIntegerField("rebonds provisoires de suite", default=0)
    rebonds_durs = models.PositiveSmallIntegerField("rebonds définitifs", default=0)
    dernier_rebond_le = models.DateTimeField("dernier rebond le", null=True, blank=True)
    suspension = models.CharField("raison de la suspension", max_length=8, choices=Suspension.choices, blank=True)
    suspension_detail = models.CharField("détail", max_length=300, blank=True)
    suspendu_le = models.DateTimeField("suspendu le", null=True, blank=True)

    dernier_signe_le = models.DateTimeField(
        "dernier signe de vie",
        help_text="Confirmation, choix de préférences, réponse : trois ans sans signe, on demande.",
    )
    relance_le = models.DateTimeField("a-t-on demandé s'il faut continuer", null=True, blank=True)
    est_demonstration = models.BooleanField("exemple de démonstration", default=False)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)

    objects = AbonneQuerySet.as_manager()

    class Meta:
        verbose_name = "abonné"
        verbose_name_plural = "abonnés"
        ordering = ["courriel", "pk"]
        indexes = [
            models.Index(fields=["etat", "cree_le"], name="abonne_etat"),
            models.Index(fields=["interets"], condition=Q(etat="confirme"), name="abonne_a_servir"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(courriel=Lower("courriel")), name="abonne_courriel_minuscules"),
            models.CheckConstraint(condition=~Q(courriel=""), name="abonne_courriel_donne"),
            models.CheckConstraint(
                condition=Q(etat__in=["en_attente", "confirme", "suspendu"]), name="abonne_etat_connu"
            ),
            models.CheckConstraint(
                condition=Q(etat="en_attente", confirme_le__isnull=True)
                | (~Q(etat="en_attente") & Q(confirme_le__isnull=False)),
                name="abonne_confirmation_datee",
            ),
            models.CheckConstraint(
                condition=Q(etat="suspendu", suspendu_le__isnull=False) & ~Q(suspension="")
                | ~Q(etat="suspendu") & Q(suspension="", suspendu_le__isnull=True),
                name="abonne_suspension_dite",
            ),
            models.CheckConstraint(condition=PREUVE_DU_CONSENTEMENT, name="abonne_preuve_du_consentement"),
        ]

    def __str__(self):
        return self.courriel


class Desabonnement(models.Model):
    """Somebody who left: a keyed hash of the address (annuaire.oppositions), and what proves that they had agreed.

    An import never brings such an address back. The person may: by the form and its confirmation mail (double
    opt-in), which deletes this row.
    """

    class Voie(models.TextChoices):
        UN_CLIC = "un_clic", "bouton de la messagerie (un clic)"
        LIEN = "lien", "lien de la lettre"
        COURRIEL = "courriel", "e-mail de désabonnement"
        COMPTE = "compte", "page « mon compte »"
        EQUIPE = "equipe", "demande reçue par l'équipe"
        SILENCE = "silence", "sans signe depuis trois ans"

    empreinte = models.CharField(max_length=64, unique=True)
    voie = models.CharField(max_length=10, choices=Voie.choices)
    numero = models.ForeignKey(
        "newsletter.Numero", null=True, blank=True, on_delete=models.SET_NULL, related_name="desabonnements"
    )
    formulaire = models.CharField(max_length=6, choices=Formulaire.choices, blank=True)
    mention = models.ForeignKey(
        MentionConsentement, null=True, blank=True, on_delete=models.PROTECT, related_name="desabonnements"
    )
    consenti_le = models.DateTimeField("demande faite le", null=True, blank=True)
    confirme_le = models.DateTimeField("confirmée le", null=True, blank=True)
    le = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "désabonnement"
        verbose_name_plural = "désabonnements"
        ordering = ["-le", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(empreinte__regex=r"^[0-9a-f]{64}$"), name="desabonnement_empreinte")
        ]

    def __str__(self):
        return self.empreinte[:12]
