"""The round table: who speaks, in what order, and the priorities that each turn says."""

from django.db import transaction
from django.db.models import Max

from reunions.actions import TransitionInterdite, ordre
from reunions.models import Priorite, Reunion, TourDeTable

MAXIMUM = 300
"""Turns of one meeting."""
RETIRE = "Ce tour de parole vient d'être retiré."


def libelle_de(participation) -> str:
    """What is printed: the structures, or the name of somebody who comes for nobody else."""
    structures = ", ".join(structure.nom for structure in participation.structures.all())
    return (participation.libelle or structures or participation.nom or "Une personne présente")[:200]


@transaction.atomic
def dresser(reunion) -> int:
    """A turn for each person present who has none yet, at the end, in the order of the attendance; their number."""
    _verrouiller(reunion)
    presents = reunion.participations.presentes().filter(tours__isnull=True).prefetch_related("structures")
    presents = list(presents.order_by("ordre", "pk"))
    _verifier_nombre(reunion, len(presents))
    depart = _fin(reunion)
    for rang, participation in enumerate(presents):
        tour = TourDeTable.objects.create(reunion=reunion, ordre=depart + rang, libelle=libelle_de(participation))
        tour.participations.add(participation)
    return len(presents)


@transaction.atomic
def ajouter(reunion, *, libelle: str) -> TourDeTable:
    """Somebody who is not on the attendance. A turn of that name is not made twice."""
    _verrouiller(reunion)
    existant = reunion.tours.filter(libelle__iexact=libelle).first()
    if existant:
        return existant
    _verifier_nombre(reunion, 1)
    return TourDeTable.objects.create(reunion=reunion, ordre=_fin(reunion), libelle=libelle)


@transaction.atomic
def modifier(tour, *, libelle: str, priorites: list[str]) -> None:
    """The words of a turn: none, one or several priorities, in order."""
    actuel = TourDeTable.objects.select_for_update(of=("self",)).filter(pk=tour.pk).first()
    if actuel is None:
        raise TransitionInterdite(RETIRE)
    actuel.libelle = libelle
    actuel.save()
    if list(actuel.priorites.values_list("texte", flat=True)) != priorites:
        actuel.priorites.all().delete()
        Priorite.objects.bulk_create(
            Priorite(tour=actuel, ordre=rang, texte=texte) for rang, texte in enumerate(priorites)
        )


@transaction.atomic
def deplacer(tour, *, sens: str, rang: int) -> None:
    """See reunions.actions.ordre."""
    ordre.deplacer(
        TourDeTable.objects.filter(reunion=tour.reunion_id).order_by("ordre", "pk"), tour, sens=sens, rang=rang
    )


@transaction.atomic
def reunir(tour, *, avec) -> None:
    """Two people who speak together: the turn takes the other's people and priorities.

    Raises TransitionInterdite when one of them is gone, or is already of two people.
    """
    _verrouiller(tour.reunion)
    tours = {t.pk: t for t in TourDeTable.objects.filter(reunion=tour.reunion_id, pk__in=[tour.pk, avec.pk])}
    if len(tours) < 2:
        raise TransitionInterdite(RETIRE)
    garde, absorbe = tours[tour.pk], tours[avec.pk]
    personnes = [*garde.participations.all(), *absorbe.participations.all()]
    if len(personnes) > 2:
        raise TransitionInterdite("Un tour de parole est d'une personne, ou de deux ensemble.")
    garde.libelle = f"{garde.libelle} et {absorbe.libelle}"[:200]
    garde.save()
    garde.participations.add(*personnes)
    depart = garde.priorites.count()
    for rang, priorite in enumerate(absorbe.priorites.all()):
        priorite.tour, priorite.ordre = garde, depart + rang
        priorite.save()
    absorbe.delete()


@transaction.atomic
def retirer(tour) -> None:
    """With its priorities. The attendance is left as it is."""
    TourDeTable.objects.filter(pk=tour.pk).delete()


def _verrouiller(reunion) -> None:
    Reunion.objects.select_for_update(of=("self",)).get(pk=reunion.pk)


def _fin(reunion) -> int:
    dernier = reunion.tours.aggregate(dernier=Max("ordre"))["dernier"]
    return 0 if dernier is None else dernier + 1


def _verifier_nombre(reunion, nouveaux: int) -> None:
    if reunion.tours.count() + nouveaux > MAXIMUM:
        raise TransitionInterdite(f"Un tour de table tient en {MAXIMUM} tours de parole.")
