"""The job of unmet demand."""

from procrastinate.contrib.django import app

from ressources.actions import demandes


@app.periodic(cron="27 4 * * *")
@app.task(name="ressources.relever_demandes", queueing_lock="ressources.relever_demandes")
def relever_demandes(timestamp: int) -> None:
    """Each night: needs that found nothing, bookings refused; and what has found an answer since goes."""
    demandes.relever()
