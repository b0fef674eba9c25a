"""The loan agreement of a booking, as an accessible PDF."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from pole_ess.socle.documents import pdf, reponse_pdf
from pole_ess.socle.models import ReglagesPole
from ressources.documents import convention as documents
from ressources.models import Reservation
from ressources.presentation_reservation import estimation


@require_safe
@login_required
def convention(request, pk):
    """For the members of the two structures and staff, once the booking is confirmed."""
    reservations = Reservation.objects.de(request.user).conventionnees().pour_page()
    reservation = get_object_or_404(reservations, pk=pk)
    annonce = reservation.calendrier.annonce
    donnees = documents.donnees(
        reservation,
        pole=ReglagesPole.actuels(),
        estimation=estimation(annonce, reservation.periode, reservation.quantite),
    )
    return reponse_pdf(pdf("convention", donnees), f"convention-{reservation.pk}-{annonce.slug}")
