"""Asking the worker for a booklet, once."""

from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from pole_ess.portail import tasks
from pole_ess.portail.papier.demande import Demande
from pole_ess.portail.papier.reserve import Etat


def _verrou(etat: Etat) -> str:
    return f"papier:{etat.cle}"


def commander(demande: Demande, etat: Etat) -> None:
    """The worker will make it; asking twice makes it once."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        tasks.composer.configure(queueing_lock=_verrou(etat)).defer(chaine=demande.chaine)


def est_commande(etat: Etat) -> bool:
    """Whether the worker has it to do, or is at it."""
    return ProcrastinateJob.objects.filter(queueing_lock=_verrou(etat), status__in=["todo", "doing"]).exists()
