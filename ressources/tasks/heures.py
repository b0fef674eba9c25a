"""Jobs of the accounts of hours."""

from procrastinate.contrib.django import app

from ressources.actions import heures_suivi


@app.periodic(cron="17 7 * * *")
@app.task(name="ressources.suivre_heures", queueing_lock="ressources.suivre_heures")
def suivre_heures(timestamp: int) -> None:
    """Each morning: one reminder, and the end of what nobody confirmed in sixty days."""
    heures_suivi.clore_sans_reponse()
    heures_suivi.rappeler()


@app.periodic(cron="47 3 * * *")
@app.task(name="ressources.verifier_heures", queueing_lock="ressources.verifier_heures")
def verifier_heures(timestamp: int) -> None:
    """Each night: the floor of the settings for who is above it, and the balances against their entries."""
    heures_suivi.appliquer_le_plancher()
    heures_suivi.verifier()
