"""Where anymail's signals meet the ledger; connected in SocleConfig.ready."""

from anymail.signals import inbound, tracking
from django.dispatch import receiver

from . import entrant, suivi


@receiver(inbound, dispatch_uid="socle.entrant")
def courriel_recu(event, **kwargs):
    entrant.recevoir(event.message, evenement=event.event_id)


@receiver(tracking, dispatch_uid="socle.suivi")
def evenement_recu(event, **kwargs):
    suivi.noter_evenement(event)
