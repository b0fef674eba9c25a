"""Jobs of the saved alerts."""

from procrastinate.contrib.django import app

from ressources.actions import alertes


@app.periodic(cron="23 7 * * *")
@app.task(name="ressources.envoyer_alertes", queueing_lock="ressources.envoyer_alertes")
def envoyer_alertes(timestamp: int) -> None:
    """Daily: what is new in each saved search; the weekly ones are due seven days after their last mail."""
    alertes.envoyer()
