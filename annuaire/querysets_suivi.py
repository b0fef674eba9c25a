"""What staff wait for and follow up."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce


def avec_attente(structures):
    """Adds `attend_depuis` to structures: when each entered its present state, from its history; else its creation."""
    historique = structures.model.history.model.objects.filter(id=OuterRef("pk"))
    autre_etat_ensuite = structures.model.history.model.objects.filter(
        id=OuterRef("id"), history_date__gt=OuterRef("history_date")
    ).exclude(etat=OuterRef("etat"))
    depuis = historique.filter(~Exists(autre_etat_ensuite), etat=OuterRef("etat"))
    return structures.annotate(
        attend_depuis=Coalesce(Subquery(depuis.order_by("history_date").values("history_date")[:1]), F("cree_le"))
    )


class EchangeQuerySet(models.QuerySet):
    def a_rappeler(self, le):
        """Calls promised for the day `le` or before; the structure's latest exchange only: a later one replaces it."""
        plus_recent = self.model.objects.filter(structure=OuterRef("structure")).filter(
            Q(date__gt=OuterRef("date")) | Q(date=OuterRef("date"), pk__gt=OuterRef("pk"))
        )
        return self.filter(~Exists(plus_recent), prochaine_date__lte=le)
