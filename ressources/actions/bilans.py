"""A structure's bilan: what it shows to all, and its word on an exchange that waits for it."""

import re
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from annuaire.models import Structure
from ressources.models import Annonce, Bilan, MiseEnRelation, PartDeLot, ReglagesStructure, Reservation

from . import bilan

CODE = re.compile(r"([rbpd])([0-9]{1,18})\Z", re.ASCII)


@transaction.atomic
def montrer(structure, *, oui: bool) -> ReglagesStructure:
    """Show the totals of its last finished year on its sheet, or no longer."""
    reglages, _ = ReglagesStructure.objects.get_or_create(structure=structure)
    if reglages.bilan_public != oui:
        reglages.bilan_public = oui
        reglages.save(update_fields=["bilan_public"])
    return reglages


def est_montre(structure) -> bool:
    return ReglagesStructure.objects.filter(structure=structure, bilan_public=True).exists()


@dataclass(frozen=True)
class Echange:
    """An exchange of a structure, that it may say the worth of. `le`: its civil day; `mien`, `sien`: its own word and
    the other side's, if any."""

    annonce: Annonce
    avec: Structure
    le: date
    mise_en_relation: MiseEnRelation | None = None
    reservation: Reservation | None = None
    mien: Bilan | None = None
    sien: Bilan | None = None


def echange(structure, code: str) -> Echange | None:
    """The exchange of this code (bilans.faits.Fait.echange); None when it is not this structure's, or did not take
    place."""
    trouve = CODE.match(code)
    return CHERCHER[trouve[1]](structure, int(trouve[2])) if trouve else None


def _relation(structure, pk):
    relations = MiseEnRelation.objects.select_related("annonce", "annonceur", "structure")
    concernees = relations.filter(Q(annonceur=structure) | Q(structure=structure)).filter(
        Q(etat="conclue") | Q(bilans__isnull=False)
    )
    relation = concernees.filter(pk=pk).first()
    if relation is None:
        return None
    dits = list(relation.bilans.order_by("declare_le", "pk"))
    return Echange(
        annonce=relation.annonce,
        avec=relation.annonceur if relation.structure_id == structure.pk else relation.structure,
        le=timezone.localdate(dits[0].declare_le if dits else relation.close_le),
        mise_en_relation=relation,
        **_mots(dits, structure),
    )


def _reservation(structure, pk):
    rendues = (
        Reservation.objects.de_la_structure(structure)
        .filter(etat="rendue")
        .exclude(structure=F("calendrier__annonce__structure"))
        .select_related("structure", "calendrier__annonce__structure")
    )
    reservation = rendues.filter(pk=pk).first()
    if reservation is None:
        return None
    annonce = reservation.calendrier.annonce
    return Echange(
        annonce=annonce,
        avec=annonce.structure if reservation.structure_id == structure.pk else reservation.structure,
        le=timezone.localdate(reservation.rendue_le),
        reservation=reservation,
        **_mots(reservation.bilans.all(), structure),
    )


def _part(structure, pk):
    remises = (
        PartDeLot.objects.filter(Q(structure=structure) | Q(annonce__structure=structure), etat="remise")
        .exclude(structure=F("annonce__structure"))
        .select_related("structure", "annonce__structure")
    )
    part = remises.filter(pk=pk).first()
    if part is None:
        return None
    avec = part.annonce.structure if part.structure_id == structure.pk else part.structure
    dits = _dits_sans_reservation(part.annonce, structure, avec)
    return Echange(part.annonce, avec, timezone.localdate(part.remise_le), **_mots(dits, structure))


def _declaration(structure, pk):
    """What the other side declared with this one, or the other way round, without a conversation nor a booking."""
    dites = Bilan.objects.filter(
        Q(structure=structure, avec__isnull=False) | Q(avec=structure), mise_en_relation=None, reservation=None
    )
    dite = dites.select_related("annonce", "structure", "avec").filter(pk=pk).first()
    if dite is None or dite.avec_id == dite.structure_id:
        return None
    avec = dite.structure if dite.avec_id == structure.pk else dite.avec
    dits = _dits_sans_reservation(dite.annonce, structure, avec)
    return Echange(dite.annonce, avec, timezone.localdate(dite.declare_le), **_mots(dits, structure))


def _dits_sans_reservation(annonce, structure, avec):
    """Both sides' rows, in the conversation of the two about the announcement when they have one (bilan.declarer)."""
    deux = [structure, avec]
    return Bilan.objects.filter(annonce=annonce, structure__in=deux, reservation=None).filter(
        Q(mise_en_relation__structure__in=deux, mise_en_relation__annonceur__in=deux)
        | Q(mise_en_relation=None, avec__in=deux)
    )


def _mots(dits, structure) -> dict:
    """`mien` and `sien`."""
    par_cote = {dit.structure_id == structure.pk: dit for dit in dits}
    return {"mien": par_cote.get(True), "sien": par_cote.get(False)}


CHERCHER = {"r": _relation, "b": _reservation, "p": _part, "d": _declaration}


def declarer(trouve: Echange, *, structure, par, **chiffres) -> Bilan:
    """Its word; said again, it is corrected. Of an anonymised conversation, nobody's name comes back."""
    anonyme = trouve.mise_en_relation is not None and trouve.mise_en_relation.anonymisee_le is not None
    return bilan.declarer(
        annonce=trouve.annonce,
        structure=structure,
        par=None if anonyme else par,
        mise_en_relation=trouve.mise_en_relation,
        reservation=trouve.reservation,
        avec=trouve.avec,
        **chiffres,
    )
