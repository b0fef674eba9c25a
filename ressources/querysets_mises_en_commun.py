"""Shared purchases and shared posts: who sees which, which wait for their pilot."""

from django.db import models
from django.db.models import Case, Count, F, Q, When
from django.utils import timezone

from annuaire.geographie import DistanceKm, boite
from annuaire.querysets import structures_de

EN_COURS = ("ouverte", "commandee", "recue")
"""Something is still to come."""


class MiseEnCommunQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those whose announcement is public, for all; their pilot's members and those who take part see the others."""
        pour_tous = Q(annonce__etat__in=("publiee", "pourvue"), annonce__structure_publiee=True)
        if not utilisateur.is_authenticated:
            return self.filter(pour_tous)
        if utilisateur.is_staff:
            return self.all()
        siennes = structures_de(utilisateur)
        y_prend_part = self.model._meta.get_field("parts").related_model.objects.actives().filter(structure__in=siennes)
        return self.filter(pour_tous | Q(annonce__structure__in=siennes) | Q(pk__in=y_prend_part.values("mise")))

    def de_genre(self, genre):
        """« achat », « poste », or both when empty."""
        return self.filter(genre=genre) if genre else self

    def a_l_affiche(self):
        """What can be joined first, the soonest to close before the others."""
        encore = Q(cloture_le=None) | Q(cloture_le__gte=timezone.localdate())
        ordre = Case(When(encore, etat="ouverte", then=0), When(etat="ouverte", then=1), default=2)
        return self.alias(ordre=ordre).order_by("ordre", F("cloture_le").asc(nulls_last=True), "-pk")

    def en_cours(self):
        return self.filter(etat__in=EN_COURS)

    def finies(self):
        return self.exclude(etat__in=EN_COURS)

    def a_dire_closes(self, le=None):
        """Their closing date is past and their pilot has not been asked about that date yet."""
        closes = self.filter(etat="ouverte", annonce__etat="publiee", cloture_le__lt=le or timezone.localdate())
        return closes.exclude(cloture_dite_pour=F("cloture_le"))

    def qui_attendent(self, utilisateur, le=None, *, nombre_max=5):
        """What waits for this person as the pilot's référent: to decide, to order, to receive; the oldest first."""
        siennes = self.filter(annonce__structure__in=structures_de(utilisateur, referent=True))
        closes = Q(etat="ouverte", annonce__etat="publiee", cloture_le__lt=le or timezone.localdate())
        return siennes.filter(closes).select_related("annonce").order_by("cloture_le", "pk")[:nombre_max]

    def autour(self, latitude, longitude, *, km=None):
        """Adds `distance` from the announcement; with `km`, only those at that distance or less."""
        distance = DistanceKm("annonce__latitude", "annonce__longitude", lat0=latitude, lon0=longitude)
        mises = self.annotate(distance=distance)
        if km is None:
            return mises
        sud, ouest, nord, est = boite(latitude, longitude, km)
        return mises.filter(
            distance__lte=km, annonce__latitude__range=(sud, nord), annonce__longitude__range=(ouest, est)
        )

    def pour_listes(self):
        """With their pilot and how many structures take part."""
        return self.select_related("annonce__structure", "annonce__commune").annotate(
            nb_parts=Count("parts", filter=Q(parts__etat="active"))
        )

    def pour_page(self):
        return self.select_related("annonce__structure__commune", "annonce__commune").prefetch_related("paliers")


class PartEnCommunQuerySet(models.QuerySet):
    def actives(self):
        """Those that count; the others left before the order."""
        return self.filter(etat="active")

    def de_mes_structures(self, utilisateur):
        if not utilisateur.is_authenticated:
            return self.none()
        return self.filter(structure__in=structures_de(utilisateur))

    def pour_pages(self):
        """In the order of joining, which decides ties, with what the lists print."""
        return self.select_related("structure__commune", "par").order_by("cree_le", "pk")
