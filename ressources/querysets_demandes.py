"""Unmet demand of the last months."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

JOURS = 92
"""Three months."""


class DemandeSansReponseQuerySet(models.QuerySet):
    def recentes(self):
        """Of the last three months, that staff have not put away, of published structures."""
        depuis = timezone.localdate() - timedelta(days=JOURS)
        return self.filter(le__gte=depuis, rangee_le=None, structure__etat="publiee")

    def pour_regrouper(self):
        return self.select_related("structure", "commune", "categorie").order_by("pk")
