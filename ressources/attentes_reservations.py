"""Bookings that the hub's staff may want to help along, for the admin's home: one query."""

from datetime import timedelta

from django.contrib.postgres.fields.ranges import RangeEndsWith
from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone

from pole_ess.socle.attentes import Attente
from ressources.models import Reservation

SANS_REPONSE = timedelta(days=5)


def des_reservations(utilisateur) -> list[Attente]:
    """Late returns, and requests unanswered for more than five days."""
    if not utilisateur.has_perm("ressources.change_reservation"):
        return []
    retard = Q(etat="remise", periode__endswith__lte=timezone.now())
    muettes = Q(etat="demandee", cree_le__lte=timezone.now() - SANS_REPONSE)
    comptes = Reservation.objects.order_by().aggregate(
        retards=Count("pk", filter=retard),
        depuis_retards=Min(RangeEndsWith("periode"), filter=retard),
        muettes=Count("pk", filter=muettes),
        depuis_muettes=Min("cree_le", filter=muettes),
    )
    liste = reverse("admin:ressources_reservation_changelist")
    return [
        Attente(
            "Retours de prêt en retard",
            comptes["retards"],
            f"{liste}?etat__exact=remise",
            comptes["depuis_retards"],
            "Les deux structures ont été relancées par e-mail.",
            pressant=True,
        ),
        Attente(
            "Réservations sans réponse depuis 5 jours",
            comptes["muettes"],
            f"{liste}?etat__exact=demandee",
            comptes["depuis_muettes"],
            "Appeler la structure qui prête.",
        ),
    ]
