from procrastinate.contrib.django import app

from ressources.actions import rapprochements


@app.periodic(cron="7 7 * * *")
@app.task(name="ressources.envoyer_rapprochements", queueing_lock="ressources.envoyer_rapprochements")
def envoyer_rapprochements(timestamp: int) -> None:
    """Daily: new matches, to the référents whose day or week has come."""
    rapprochements.envoyer()
