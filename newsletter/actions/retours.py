"""What is learnt of a letter after it has left: not delivered, complained about, delivered after all.

One report changes one row, once: its second copy, be it from the provider or by mail, finds the row changed. What
stops a subscriber is `abonnements.suspendre`, which the staff undo with `abonnements.reprendre`.
"""

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from newsletter.models import Abonne, Envoi, Numero
from pole_ess.socle.courriel.statuts import est_dur
from pole_ess.socle.courriel.texte import masquer

from . import abonnements

Etat = Envoi.Etat
_SU_OU_CRU_PARTI = [Etat.PARTI, Etat.INCERTAIN]


class PasEncore(Exception):
    """The report came before the worker has written that the message left: to be handed again later."""


@transaction.atomic
def noter_rebond(envoi_id: int, *, dur: bool, detail: str) -> bool:
    """It was not delivered: counted once for this message. False when there is nothing to change. Raises PasEncore.

    Soft ones count when they follow each other: a message that did not come back in between starts the count again.
    """
    abonne = _tenir_abonne(envoi_id)
    detail = masquer(detail)
    if not _passer(envoi_id, _SU_OU_CRU_PARTI, etat=Etat.REJETE, erreur=f"Revenu sans être remis. {detail}".strip()):
        return False
    if abonne is not None:
        if not dur and _precedent_remis(envoi_id, abonne):
            Abonne.objects.filter(pk=abonne.pk).update(rebonds_mous=0)
        abonnements.noter_rebond(abonne, dur=dur, detail=detail)
    return True


@transaction.atomic
def noter_plainte(envoi_id: int, *, detail: str = "") -> bool:
    """Its reader called it spam: nothing more is sent to them. False when nothing changes. Raises PasEncore."""
    abonne = _tenir_abonne(envoi_id)
    change = _passer(
        envoi_id,
        [*_SU_OU_CRU_PARTI, Etat.REJETE],
        etat=Etat.PLAINTE,
        erreur=masquer(detail) or "Signalée comme indésirable.",
        parti_le=Coalesce("parti_le", timezone.now()),
    )
    if change and abonne is not None:
        abonnements.suspendre(abonne, raison=Abonne.Suspension.PLAINTE, detail=masquer(detail))
    return change


def noter_remise(envoi_id: int, *, le=None) -> bool:
    """The provider says that it was delivered: an uncertain one is settled."""
    return bool(
        Envoi.objects.filter(pk=envoi_id, etat=Etat.INCERTAIN, decide_le=None).update(
            etat=Etat.PARTI, erreur="", parti_le=le or timezone.now()
        )
    )


def noter_refus(numero: Numero) -> int:
    """Refused while we spoke to the server: the address does not exist, the same as one that came back; how many.

    Once an issue: a subscriber whom the staff has resumed since is left alone.
    """
    refuses = numero.envois.filter(
        Q(abonne__dernier_rebond_le=None) | Q(abonne__dernier_rebond_le__lt=F("numero__lance_le")),
        etat=Etat.REJETE,
        abonne__etat=Abonne.Etat.CONFIRME,
    ).select_related("abonne")
    durs = [envoi for envoi in refuses.order_by("abonne") if est_dur("", envoi.erreur)]
    for envoi in durs:
        abonnements.noter_rebond(envoi.abonne, dur=True, detail=envoi.erreur)
    return len(durs)


def _tenir_abonne(envoi_id: int) -> Abonne | None:
    """The subscriber, locked before the row: in the order of those who leave."""
    return Abonne.objects.select_for_update(of=("self",)).filter(envois=envoi_id).first()


def _passer(envoi_id: int, depuis: list, **valeurs) -> bool:
    if Envoi.objects.filter(pk=envoi_id, etat__in=depuis).update(**valeurs):
        return True
    if Envoi.objects.filter(pk=envoi_id, etat=Etat.EN_VOL).exists():
        raise PasEncore
    return False


def _precedent_remis(envoi_id: int, abonne: Abonne) -> bool:
    """The message before this one did not come back."""
    avant = abonne.envois.filter(pk__lt=envoi_id).exclude(etat=Etat.SAUTE).order_by("-pk")
    return avant.values_list("etat", flat=True).first() == Etat.PARTI
