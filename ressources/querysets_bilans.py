"""Coefficients: which ones a year may need."""

from django.db import models
from django.db.models import Q


class CoefficientEstimeQuerySet(models.QuerySet):
    def pendant(self, debut, fin):
        """Those that apply on a day of [debut, fin), with their category; the newest first."""
        return (
            self.filter(Q(au__isnull=True) | Q(au__gte=debut), du__lt=fin)
            .select_related("categorie")
            .order_by("-du", "pk")
        )
