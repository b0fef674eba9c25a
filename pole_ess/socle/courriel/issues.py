"""What an error while sending says about the mail: try again, give up, or nobody knows."""

import smtplib
from dataclasses import dataclass

import requests
from anymail.exceptions import AnymailAPIError, AnymailError
from urllib3.exceptions import NewConnectionError

from ..models import Courriel
from .smtp import IssueInconnue

Etat = Courriel.Etat
ERREUR_MAX = 2000
_PAS_LA_FAUTE_DU_MESSAGE = {401, 402, 403, 407, 408, 409, 425, 429, 503}
"""HTTP refusals that speak of our account, our rate or the provider's day: worth another try."""


@dataclass(frozen=True)
class Issue:
    """The outcome of one attempt: a state of Courriel, and the words for the ledger."""

    etat: Etat
    erreur: str = ""


PARTI = Issue(Etat.PARTI)


def avant_envoi(erreur: Exception) -> Issue:
    """No talk could begin (server down, password refused, wrong settings): the mail is whole, try later."""
    return Issue(Etat.DIFFERE, _dire("Serveur d'envoi injoignable", erreur))


def pendant_envoi(erreur: Exception) -> Issue:
    """The server refused, or the talk broke off. Whatever is not known to be safe to repeat is uncertain."""
    match erreur:
        case IssueInconnue():
            return Issue(Etat.INCERTAIN, str(erreur)[:ERREUR_MAX])
        case smtplib.SMTPRecipientsRefused():
            code, message = next(iter(erreur.recipients.values()))
            return _reponse_smtp(code, message)
        case smtplib.SMTPResponseException():
            return _reponse_smtp(erreur.smtp_code, erreur.smtp_error)
        case AnymailError():
            return _reponse_http(erreur)
        case UnicodeError() | ValueError() | TypeError() | smtplib.SMTPNotSupportedError():
            return Issue(Etat.REJETE, _dire("Message impossible à transmettre", erreur))
        case OSError():  # among them SMTPServerDisconnected and timeouts, before the body had begun
            return Issue(Etat.DIFFERE, _dire("Liaison coupée avant la remise", erreur))
    return Issue(Etat.INCERTAIN, _dire("Erreur imprévue pendant l'envoi", erreur))


def _reponse_smtp(code: int, message) -> Issue:
    texte = message.decode("utf-8", "replace") if isinstance(message, bytes) else str(message)
    etat = Etat.REJETE if 500 <= code < 600 else Etat.DIFFERE
    return Issue(etat, f"Réponse du serveur : {code} {texte}"[:ERREUR_MAX])


def _reponse_http(erreur: AnymailError) -> Issue:
    """A provider's API: 4xx is a refusal; a 5xx or a silence after the request leaves the fate unknown."""
    code = erreur.status_code
    if _jamais_relie(erreur) or code in _PAS_LA_FAUTE_DU_MESSAGE:
        return Issue(Etat.DIFFERE, _dire("Le prestataire d'envoi ne répond pas ou refuse pour l'instant", erreur))
    if isinstance(erreur, AnymailAPIError) and (code is None or code >= 500 or code < 300):
        return Issue(Etat.INCERTAIN, _dire("Réponse du prestataire d'envoi perdue ou incomplète", erreur))
    return Issue(Etat.REJETE, _dire("Refusé par le prestataire d'envoi", erreur))


def _jamais_relie(erreur: Exception) -> bool:
    """Refused, unresolved or timed out before the request was sent: nothing can have been accepted."""
    if isinstance(erreur, requests.ConnectTimeout):
        return True
    cause = erreur.__cause__
    return isinstance(cause, requests.ConnectionError) and any(
        isinstance(getattr(detail, "reason", None), NewConnectionError) for detail in cause.args
    )


def _dire(quoi: str, erreur: Exception) -> str:
    return f"{quoi} : {type(erreur).__name__} {erreur}".strip()[:ERREUR_MAX]
