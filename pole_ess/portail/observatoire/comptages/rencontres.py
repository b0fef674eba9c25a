"""Public meetings that took place and who came; public workshops and their boards."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q
from django.db.models.functions import ExtractYear
from django.utils import timezone

from reunions.models import Atelier, Representation, Reunion
from reunions.resultats.calcul import ResultatAxe
from reunions.resultats.comparaison import comparer

PRESENT = Q(participations__presence="present")


@dataclass(frozen=True, slots=True)
class FaitRencontre:
    """A public meeting that took place. `structures`, `personnes`: seen on the day; None while nobody noted it."""

    pk: int
    le: date
    titre: str
    genre: str
    structures: int | None
    personnes: int | None


@dataclass(frozen=True, slots=True)
class FaitAtelier:
    """A workshop whose results are given back: its boards in their order."""

    reunion: int
    le: date
    titre: str
    axes: tuple[ResultatAxe, ...]

    @property
    def total(self) -> int:
        return sum(axe.total for axe in self.axes)


def lire_rencontres() -> tuple[FaitRencontre, ...]:
    """What a visitor may see, the oldest first; one query."""
    passees = Reunion.objects.publiques().passees().exclude(debut=None)
    comptees = passees.annotate(
        notees=Count("participations", filter=~Q(participations__presence="inconnue"), distinct=True),
        personnes=Count("participations", filter=PRESENT, distinct=True),
        presentes=Count("participations__representations__structure", filter=PRESENT, distinct=True),
    ).order_by("debut", "pk")
    return tuple(
        FaitRencontre(
            pk, timezone.localdate(debut), titre, genre, *((structures, personnes) if notees else (None, None))
        )
        for pk, debut, titre, genre, notees, structures, personnes in comptees.values_list(
            "pk", "debut", "titre", "genre", "notees", "presentes", "personnes"
        )
    )


def structures_par_annee() -> dict[int | None, int]:
    """Civil year -> different structures seen in its public meetings; None: over all years. Two queries."""
    publiques = Reunion.objects.publiques().passees().exclude(debut=None).order_by()
    vues = Representation.objects.order_by().filter(
        participation__presence="present", participation__reunion__in=publiques.values("pk")
    )
    comptees = vues.values_list(ExtractYear("participation__reunion__debut")).annotate(
        combien=Count("structure", distinct=True)
    )
    return {**dict(comptees), None: vues.aggregate(combien=Count("structure", distinct=True))["combien"]}


def lire_ateliers() -> tuple[FaitAtelier, ...]:
    """Those whose results any visitor reads, the oldest first; three queries."""
    visibles = Atelier.objects.resultats_visibles_par(AnonymousUser()).exclude(reunion__debut=None)
    comparaison = comparer(visibles, maximum=None)
    return tuple(
        FaitAtelier(
            atelier.reunion_id,
            timezone.localdate(atelier.reunion.debut),
            atelier.reunion.titre,
            tuple(ligne.resultats[rang] for ligne in comparaison.lignes if ligne.resultats[rang] is not None),
        )
        for rang, atelier in enumerate(comparaison.ateliers)
    )
