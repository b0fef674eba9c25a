"""Unmet demand: written when a booking is refused, and each night for what found nothing. Once a source.

The nightly pass is idempotent: it writes what is missing (unique per source), and takes back what has found an answer
since, or is looked for again.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ressources.models import Annonce, Bilan, DemandeSansReponse, MiseEnRelation, Reservation
from ressources.querysets_demandes import JOURS

Genre = DemandeSansReponse.Genre


def noter_refus(reservation) -> None:
    """In the transaction of the refusal. What the announcement offers is what was looked for."""
    annonce = reservation.calendrier.annonce
    decidee = reservation.decidee_le or timezone.now()
    DemandeSansReponse.objects.bulk_create(
        [
            DemandeSansReponse(
                genre=Genre.REFUSEE,
                reservation=reservation,
                structure_id=reservation.structure_id,
                nature=annonce.nature,
                categorie_id=annonce.categorie_id,
                commune_id=reservation.structure.commune_id or annonce.commune_id,
                titre=annonce.titre,
                le=timezone.localtime(decidee).date(),
            )
        ],
        ignore_conflicts=True,
    )


def _sans_reponse():
    """Needs that closed, or passed their last day, without an exchange: neither conversation nor figures say one."""
    conclues = MiseEnRelation.objects.filter(etat="conclue").values("annonce")
    declarees = Bilan.objects.values("annonce")
    besoins = Annonce.objects.filter(sens="besoin", publiee_le__isnull=False)
    return besoins.exclude(pk__in=conclues).exclude(pk__in=declarees)


def _echouees(aujourd_hui) -> Q:
    return Q(etat="publiee", expire_le__lt=aujourd_hui) | Q(etat__in=["retiree", "archivee"])


@transaction.atomic
def relever() -> int:
    """What has found nothing in the last three months; how many rows there are of it, new ones included."""
    aujourd_hui = timezone.localdate()
    depuis = aujourd_hui - timedelta(days=JOURS)
    recentes = Q(etat="publiee", expire_le__gte=depuis) | Q(
        etat="retiree", close_le__gte=timezone.now() - timedelta(JOURS)
    )
    besoins = _sans_reponse().filter(_echouees(aujourd_hui) & recentes).select_related("structure")
    DemandeSansReponse.objects.bulk_create(
        [_du_besoin(besoin) for besoin in besoins.order_by("pk")], ignore_conflicts=True
    )
    refusees = Reservation.objects.filter(etat="refusee", decidee_le__gte=timezone.now() - timedelta(JOURS))
    notees = DemandeSansReponse.objects.filter(reservation__isnull=False).values("reservation")
    for refusee in refusees.exclude(pk__in=notees).select_related("calendrier__annonce", "structure").order_by("pk"):
        noter_refus(refusee)
    repondues = DemandeSansReponse.objects.filter(annonce__isnull=False, le__gte=depuis)
    repondues.exclude(annonce__in=_sans_reponse().filter(_echouees(aujourd_hui))).delete()
    return DemandeSansReponse.objects.filter(le__gte=depuis).count()


def _du_besoin(besoin) -> DemandeSansReponse:
    expire = besoin.etat == Annonce.Etat.PUBLIEE
    return DemandeSansReponse(
        genre=Genre.EXPIREE if expire else Genre.RETIREE,
        annonce=besoin,
        structure_id=besoin.structure_id,
        nature=besoin.nature,
        categorie_id=besoin.categorie_id,
        commune_id=besoin.commune_id or besoin.structure.commune_id,
        titre=besoin.titre,
        le=besoin.expire_le if expire else timezone.localtime(besoin.close_le).date(),
    )


@transaction.atomic
def ranger(cles, *, par) -> int:
    """Staff have given a follow-up to these: they leave the list. How many."""
    demandes = DemandeSansReponse.objects.filter(pk__in=cles, rangee_le=None)
    return demandes.update(rangee_le=timezone.now(), rangee_par=par)
