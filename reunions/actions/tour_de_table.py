"""The round table: who speaks, in what order, and the priorities that each turn says."""

import hashlib

from django.db import transaction
from django.db.models import Max

from reunions.actions import TransitionInterdite, ordre
from reunions.models import Priorite, Reunion, TourDeTable

MAXIMUM = 300
"""Turns of one meeting."""
RETIRE = "Ce tour de parole vient d'être retiré."
QUELQU_UN = "Une personne présente"
EQUIPE, PERSONNE = Priorite.Origine.EQUIPE, Priorite.Origine.PERSONNE


class PrioritesChangees(TransitionInterdite):
    """Somebody else changed this turn's priorities since the form was shown; nothing was written."""

    def __init__(self, actuelles):
        self.actuelles = actuelles
        dites = " ; ".join(f"« {texte} »" for texte in actuelles) or "aucune"
        super().__init__(
            f"Ces priorités ont changé pendant que vous écriviez. Il y a maintenant : {dites}. Votre texte est "
            "toujours dans le champ : enregistrez de nouveau pour le garder à la place."
        )


def empreinte(textes) -> str:
    """What a form saw of a turn's priorities."""
    return hashlib.sha256("\n".join(textes).encode()).hexdigest()[:16]


def libelle_de(participation) -> str:
    """What is printed: the structures, or the name of somebody who comes for nobody else."""
    structures = ", ".join(structure.nom for structure in participation.structures.all())
    return (participation.libelle or structures or participation.nom or QUELQU_UN)[:200]


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


def ouvrir(reunion, *, libelle: str, participation=None, participant=None) -> TourDeTable:
    """A turn at the end for one person, when the caller holds the meeting's lock and they have none."""
    _verifier_nombre(reunion, 1)
    tour = TourDeTable.objects.create(reunion=reunion, ordre=_fin(reunion), libelle=libelle[:200])
    if participation is not None:
        tour.participations.add(participation)
    if participant is not None:
        tour.participants.add(participant)
    return tour


@transaction.atomic
def modifier(tour, *, priorites: list[str], libelle: str = "", vue: str = "", origine=EQUIPE) -> None:
    """The words of a turn: none, one or several priorities, in order. An empty `libelle` leaves the name as it is.

    `vue`: the `empreinte` of what the form showed. `origine`: who types; what was there already keeps its own.
    Raises PrioritesChangees, TransitionInterdite when the turn is gone.
    """
    actuel = TourDeTable.objects.select_for_update(of=("self",)).filter(pk=tour.pk).first()
    if actuel is None:
        raise TransitionInterdite(RETIRE)
    deja = list(actuel.priorites.values_list("texte", "origine"))
    textes, origines = [texte for texte, _ in deja], dict(deja)
    if textes != priorites and vue and vue != empreinte(textes):
        raise PrioritesChangees(textes)
    actuel.libelle = libelle or actuel.libelle
    actuel.save()
    if textes != priorites:
        actuel.priorites.all().delete()
        Priorite.objects.bulk_create(
            Priorite(tour=actuel, ordre=rang, texte=texte, origine=origines.get(texte, origine))
            for rang, texte in enumerate(priorites)
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
    de_l_atelier = [*garde.participants.all(), *absorbe.participants.all()]
    if max(len(personnes), len(de_l_atelier)) > 2:
        raise TransitionInterdite("Un tour de parole est d'une personne, ou de deux ensemble.")
    if garde.libelle.casefold() != absorbe.libelle.casefold():
        garde.libelle = f"{garde.libelle} et {absorbe.libelle}"[:200]
    garde.save()
    garde.participations.add(*personnes)
    garde.participants.add(*de_l_atelier)
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
