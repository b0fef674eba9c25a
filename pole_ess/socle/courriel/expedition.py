"""Sending one mail of the outbox, and writing down what became of it."""

import logging
from contextlib import suppress
from datetime import timedelta
from email.mime.text import MIMEText

from anymail.backends.base import AnymailBaseBackend
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils import timezone

from ..models import Courriel, ReglagesPole
from . import issues
from .depot import programmer_envoi

journal = logging.getLogger("pole_ess.courriel")

RIEN_A_FAIRE = "rien à faire"


def expedier(courriel_id: int) -> str:
    """Send the mail unless another worker has it or it is settled; return its state afterwards.

    The row is `en_vol`, and committed, before the first byte leaves: a worker killed from here on leaves a row
    that the sweep finds and declares uncertain, never one that would be sent twice.
    """
    courriel = Courriel.objects.prendre(courriel_id)
    if courriel is None:
        return RIEN_A_FAIRE
    issue = _transmettre(courriel)
    noter(courriel, issue)
    return str(issue.etat)


def _transmettre(courriel: Courriel) -> issues.Issue:
    """One attempt, outside any transaction."""
    try:
        connexion = get_connection(fail_silently=False)
        message = composer_message(courriel, connexion)
        connexion.open()
    except Exception as erreur:
        return issues.avant_envoi(erreur)
    try:
        nombre = connexion.send_messages([message])
    except Exception as erreur:
        return issues.pendant_envoi(erreur)
    finally:
        # The goodbye changes nothing of what was answered before it.
        with suppress(Exception):
            connexion.close()
    return issues.PARTI if nombre else issues.Issue(Courriel.Etat.REJETE, "Le serveur d'envoi n'a rien transmis.")


def composer_message(courriel: Courriel, connexion=None) -> EmailMultiAlternatives:
    """The message of a row. Its Message-ID is the row's, so that two attempts are one mail to the receiver.

    A mail that relays a person's words (`repondre_a`) may be answered by an out-of-office reply; any other is
    marked as automatic (RFC 3834) and its answers go to the hub's team.
    """
    entetes = {"Message-ID": courriel.message_id, "Content-Language": "fr"}
    if not courriel.repondre_a:
        entetes |= {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if courriel.desabonnement:
        entetes["List-Unsubscribe"] = f"<{courriel.desabonnement}>"
        entetes["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=courriel.sujet,
        body=courriel.texte,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[courriel.destinataire],
        reply_to=[courriel.repondre_a or ReglagesPole.actuels().courriel_equipe],
        headers=entetes,
        connection=connexion,
    )
    if courriel.html:
        message.attach_alternative(courriel.html, "text/html")
    if courriel.calendrier:
        _joindre_calendrier(message, courriel, en_piece_jointe=isinstance(connexion, AnymailBaseBackend))
    if isinstance(connexion, AnymailBaseBackend):
        message.metadata = {"courriel": courriel.message_id}  # comes back in the provider's bounce reports
    return message


def _joindre_calendrier(message, courriel: Courriel, *, en_piece_jointe: bool) -> None:
    """The iCalendar part (RFC 6047, 2.4); a file where the provider's API takes no alternative but HTML."""
    sorte = f"text/calendar; method={courriel.calendrier_methode}"
    if not en_piece_jointe:
        message.attach_alternative(courriel.calendrier, sorte)
        return
    fichier = MIMEText(courriel.calendrier, "calendar", "utf-8")
    fichier.set_param("method", courriel.calendrier_methode)
    fichier.add_header("Content-Disposition", "attachment", filename="invitation.ics")
    message.attach(fichier)


def delai(tentatives: int) -> timedelta:
    """How long to wait after this many failed attempts: 5 min, 20 min, 1 h 20, 5 h 20, 21 h 20."""
    return timedelta(minutes=5 * 4 ** (tentatives - 1))


@transaction.atomic
def noter(courriel: Courriel, issue: issues.Issue) -> None:
    """Write the outcome of this attempt, and the next attempt's job when there is one."""
    etat, erreur = issue.etat, issue.erreur
    if etat == Courriel.Etat.DIFFERE and courriel.tentatives >= settings.COURRIEL_TENTATIVES_MAX:
        etat, erreur = Courriel.Etat.REJETE, f"Abandonné après {courriel.tentatives} essais. {erreur}"
    maintenant = timezone.now()
    courriel.etat, courriel.erreur = etat, erreur
    courriel.en_vol_depuis = None
    courriel.parti_le = maintenant if etat == Courriel.Etat.PARTI else None
    courriel.prochaine_tentative_le = None
    if etat == Courriel.Etat.DIFFERE:
        courriel.prochaine_tentative_le = maintenant + delai(courriel.tentatives)
    else:
        courriel.effacer_si_confidentiel()
    if Courriel.objects.regler(courriel) and etat == Courriel.Etat.DIFFERE:
        programmer_envoi(courriel, le=courriel.prochaine_tentative_le)
    if etat in (Courriel.Etat.REJETE, Courriel.Etat.INCERTAIN):
        journal.warning("courriel %s %s : %s", courriel.pk, etat, erreur)
