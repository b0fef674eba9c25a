"""Parts of batches and tours: who sees which, in which order."""

from django.db import models
from django.db.models import Count, Q, Sum
from django.utils import timezone

from annuaire.geographie import DistanceKm, boite
from annuaire.querysets import structures_de

EN_COURS = ("demandee", "en_attente", "attribuee")
"""One of these at a time per structure and batch."""
COMPTEES = ("attribuee", "remise")
"""They hold their quantity."""


class PartDeLotQuerySet(models.QuerySet):
    def en_cours(self):
        return self.filter(etat__in=EN_COURS)

    def a_decider(self):
        """Those that wait for the giver's choice."""
        return self.filter(etat="demandee")

    def comptees(self):
        return self.filter(etat__in=COMPTEES)

    def en_attente(self):
        """The waiting list, first come first."""
        return self.filter(etat="en_attente").order_by("cree_le", "pk")

    def total(self) -> int:
        return self.aggregate(total=Sum("quantite"))["total"] or 0

    def de_mes_structures(self, utilisateur):
        """Asked by a structure of this person."""
        if not utilisateur.is_authenticated:
            return self.none()
        return self.filter(structure__in=structures_de(utilisateur))

    def a_decider_par_lot(self, utilisateur, *, lots_max=5) -> list[tuple]:
        """(id, title, requests) of the batches that this person gives and has to decide about, the most asked first."""
        demandees = self.filter(etat="demandee", annonce__structure__in=structures_de(utilisateur, referent=True))
        return list(
            demandees.order_by()
            .values_list("annonce", "annonce__titre")
            .annotate(nombre=Count("pk"))
            .order_by("-nombre", "annonce")[:lots_max]
        )

    def visibles_par(self, utilisateur):
        """The asker's members, the giver's référents, staff."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.is_staff:
            return self.all()
        return self.filter(
            Q(structure__in=structures_de(utilisateur))
            | Q(annonce__structure__in=structures_de(utilisateur, referent=True))
        )

    def pour_pages(self):
        """With what the lists print of the structure."""
        return self.select_related("structure__commune", "par").order_by("cree_le", "pk")


class TourneeQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of a published artist for all; the artist's own members and staff see the others too."""
        pour_tous = Q(annonce__etat__in=("publiee", "pourvue"), annonce__structure_publiee=True)
        if not utilisateur.is_authenticated:
            return self.filter(pour_tous)
        if utilisateur.is_staff:
            return self.all()
        return self.filter(pour_tous | Q(annonce__structure__in=structures_de(utilisateur)))

    def a_venir(self, le=None):
        """Open or confirmed, with a day left."""
        return self.filter(etat__in=("ouverte", "confirmee"), fin__gte=le or timezone.localdate())

    def passees(self, le=None):
        """Still open or confirmed though their last day is past."""
        return self.filter(etat__in=("ouverte", "confirmee"), fin__lt=le or timezone.localdate())

    def autour(self, latitude, longitude, *, km=None):
        """Adds `distance`, from the artist; with `km`, only those at that distance or less."""
        distance = DistanceKm("annonce__latitude", "annonce__longitude", lat0=latitude, lon0=longitude)
        tournees = self.annotate(distance=distance)
        if km is None:
            return tournees
        sud, ouest, nord, est = boite(latitude, longitude, km)
        return tournees.filter(
            distance__lte=km, annonce__latitude__range=(sud, nord), annonce__longitude__range=(ouest, est)
        )

    def pour_listes(self):
        """With the artist, and how many stages are wished or retained."""
        return self.select_related("annonce__structure", "annonce__commune").annotate(
            nb_voeux=Count("etapes", filter=Q(etapes__etat__in=("souhaitee", "retenue"))),
            nb_retenues=Count("etapes", filter=Q(etapes__etat="retenue")),
        )


class EtapeQuerySet(models.QuerySet):
    def vivantes(self):
        """Wished or retained."""
        return self.filter(etat__in=("souhaitee", "retenue"))

    def pour_pages(self):
        return self.select_related("structure__commune").prefetch_related("jours").order_by("cree_le", "pk")

    def de_mes_structures(self, utilisateur):
        if not utilisateur.is_authenticated:
            return self.none()
        return self.filter(structure__in=structures_de(utilisateur))
