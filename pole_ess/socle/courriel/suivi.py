"""What the mail provider reports afterwards: delivered, bounced, complained about."""

from collections.abc import Callable

from anymail.signals import EventType
from django.utils import timezone

from ..models import Courriel
from .issues import ERREUR_MAX

_ECHECS = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}
_PARTIS = [Courriel.Etat.PARTI, Courriel.Etat.INCERTAIN]
_registres: list[Callable[[object], bool]] = []


def enregistrer(registre: Callable[[object], bool]) -> None:
    """In AppConfig.ready: `registre(evenement)` takes a report about a mail of another ledger, and says that it did."""
    if registre not in _registres:
        _registres.append(registre)


def noter_evenement(evenement) -> None:
    """Write a provider's report (anymail's AnymailTrackingEvent) in the ledger; unknown mails are left alone.

    A definitive bounce makes the mail `rejete`; a delivery settles an uncertain one; a complaint is written down.
    """
    if any(registre(evenement) for registre in _registres):
        return
    metadonnees = evenement.metadata or {}
    identifiant = metadonnees.get("courriel") or evenement.message_id
    if not identifiant:
        return
    courriels = Courriel.objects.filter(message_id=f"<{str(identifiant).strip('<>')}>")
    if evenement.event_type in _ECHECS:
        detail = " ".join(filter(None, [evenement.description, evenement.mta_response]))
        courriels.filter(etat__in=_PARTIS).update(
            etat=Courriel.Etat.REJETE, erreur=f"Revenu sans être remis. {detail}".strip()[:ERREUR_MAX]
        )
    elif evenement.event_type == EventType.DELIVERED:
        courriels.filter(etat=Courriel.Etat.INCERTAIN).update(
            etat=Courriel.Etat.PARTI, erreur="", parti_le=evenement.timestamp or timezone.now()
        )
    elif evenement.event_type == EventType.COMPLAINED:
        courriels.filter(etat__in=_PARTIS).update(erreur="Son destinataire l'a signalé comme indésirable.")
