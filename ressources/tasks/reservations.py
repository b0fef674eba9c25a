"""Jobs of the bookings."""

from procrastinate.contrib.django import app

from ressources.actions import reservations_suivi


@app.periodic(cron="5 7 * * *")
@app.task(name="ressources.rappeler_reservations", queueing_lock="ressources.rappeler_reservations")
def rappeler_reservations(timestamp: int) -> None:
    """Each morning: hand-overs of tomorrow, returns of today, late ones, requests that wait."""
    reservations_suivi.rappeler()


@app.periodic(cron="35 * * * *")
@app.task(name="ressources.clore_demandes_depassees", queueing_lock="ressources.clore_demandes_depassees")
def clore_demandes_depassees(timestamp: int) -> None:
    """Each hour: requests whose start has passed."""
    reservations_suivi.clore_les_depassees()
