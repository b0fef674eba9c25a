"""The outbox: a mail is a row and its job, written in the transaction of the act that causes it."""

import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from ..file_attente import programmer
from ..models import Courriel
from .composition import composer

TACHE = "courriel.expedier"
ADRESSE_MAX = Courriel._meta.get_field("destinataire").max_length
PRIORITE_CONFIDENTIEL = 10
"""Someone is waiting in front of the screen for a code: it goes before everything else."""


@transaction.atomic
def deposer(
    gabarit: str,
    *,
    a: str,
    contexte: dict | None = None,
    utilisateur=None,
    objet=None,
    repondre_a: str = "",
    confidentiel: bool = False,
    calendrier: tuple[str, str] | None = None,
    desabonnement: str = "",
    cle_unicite: str | None = None,
) -> Courriel | None:
    """Put one mail to one address in the outbox, with the job that sends it, in the current transaction.

    `gabarit` names three templates: emails/<gabarit>.sujet.txt (one line), .txt and .mjml (which extend
    emails/base.txt and emails/base.mjml). They get `contexte`, `pole` (hub settings), `portail_url` and `sujet`.
    `objet` is the model instance that the mail is about, for the ledger. `confidentiel`: it holds a code or
    a link that opens an account; staff never read it, and its body is wiped as soon as its fate is known.
    `desabonnement`: absolute address that stops mails of this kind in one click (RFC 8058).
    `calendrier`: (method, iCalendar text), which mail readers turn into an entry of the agenda (RFC 6047).
    With `cle_unicite`, a second mail with the same key is not written and None is returned, also when both
    are asked for at the same moment. An address that cannot be written to gives a row `rejete`, not an error:
    the act itself must not fail for it.
    """
    if cle_unicite and Courriel.objects.filter(cle_unicite=cle_unicite).exists():
        return None
    composition = composer(gabarit, contexte)
    courriel = Courriel(
        gabarit=gabarit,
        destinataire=a,
        utilisateur=utilisateur,
        repondre_a=repondre_a,
        sujet=composition.sujet,
        texte=composition.texte,
        html=composition.html,
        message_id=nouveau_message_id(),
        confidentiel=confidentiel,
        calendrier_methode=calendrier[0] if calendrier else "",
        calendrier=calendrier[1] if calendrier else "",
        desabonnement=desabonnement,
        objet_type=objet._meta.label_lower if objet is not None else "",
        objet_id=str(objet.pk) if objet is not None else "",
        cle_unicite=cle_unicite,
    )
    if not _joignable(a):
        courriel.etat = Courriel.Etat.REJETE
        courriel.erreur = "Cette adresse n'est pas une adresse électronique valable."
        courriel.destinataire = a[:ADRESSE_MAX]
        courriel.effacer_si_confidentiel()
    if not _inserer(courriel):
        return None
    if courriel.etat == Courriel.Etat.PRET:
        programmer_envoi(courriel)
    return courriel


def _joignable(adresse: str) -> bool:
    try:
        validate_email(adresse)
    except ValidationError:
        return False
    return len(adresse) <= ADRESSE_MAX


def _inserer(courriel: Courriel) -> bool:
    """Insert the row; False when another transaction took its key first (the unique constraint decides)."""
    try:
        with transaction.atomic():
            courriel.save(force_insert=True)
    except IntegrityError:
        if courriel.cle_unicite and Courriel.objects.filter(cle_unicite=courriel.cle_unicite).exists():
            return False
        raise
    return True


def programmer_envoi(courriel: Courriel, *, le=None) -> int:
    """Queue the job that sends this row, not before `le`, in the current transaction."""
    priorite = PRIORITE_CONFIDENTIEL if courriel.confidentiel else None
    return programmer(TACHE, le=le, priorite=priorite, courriel_id=courriel.pk)


def nouveau_message_id() -> str:
    """A Message-ID (RFC 5322) under the portal's own host; the row keeps it over its retries."""
    return f"<{uuid.uuid4().hex}@{urlsplit(settings.PORTAIL_URL).hostname or 'localhost'}>"


def courriels_de(objet):
    """The mails about one object, newest first: who was written to, when, what became of it."""
    return Courriel.objects.filter(objet_type=objet._meta.label_lower, objet_id=str(objet.pk))
