"""Jobs of the artists' tours."""

from procrastinate.contrib.django import app

from ressources.actions import tournees


@app.periodic(cron="11 3 * * *")
@app.task(name="ressources.terminer_tournees", queueing_lock="ressources.terminer_tournees")
def terminer_tournees(timestamp: int) -> None:
    """Daily: tours whose last day is past are over."""
    tournees.terminer_passees()
