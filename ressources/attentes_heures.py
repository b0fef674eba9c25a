"""Hours that two sides do not agree about, for the admin's home: one query."""

from django.db.models import Count, Min
from django.urls import reverse

from pole_ess.socle.attentes import Attente
from ressources.models import OperationHeures


def des_heures(utilisateur) -> list[Attente]:
    """Contested: people wait for one another; the staff may help."""
    if not utilisateur.has_perm("ressources.change_operationheures"):
        return []
    comptes = (
        OperationHeures.objects.order_by()
        .filter(etat="contestee")
        .aggregate(nombre=Count("pk"), depuis=Min("decidee_le"))
    )
    return [
        Attente(
            "Heures d'entraide contestées",
            comptes["nombre"],
            reverse("admin:ressources_operationheures_changelist") + "?etat__exact=contestee",
            comptes["depuis"],
            "Appeler les deux côtés ; ils peuvent confirmer ou annuler, sinon vous annulez.",
        )
    ]
