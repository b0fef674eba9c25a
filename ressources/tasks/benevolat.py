"""Jobs of volunteering."""

from procrastinate.contrib.django import app

from ressources.actions import benevolat_places, benevolat_suivi


@app.periodic(cron="15 7 * * *")
@app.task(name="ressources.rappeler_benevoles", queueing_lock="ressources.rappeler_benevoles")
def rappeler_benevoles(timestamp: int) -> None:
    """Each morning: tomorrow's volunteers, and what their structures expect."""
    benevolat_suivi.rappeler()


@app.periodic(cron="*/15 * * * *")
@app.task(name="ressources.avancer_listes_benevoles", queueing_lock="ressources.avancer_listes_benevoles")
def avancer_listes_benevoles(timestamp: int) -> None:
    """Each quarter of an hour: waiting lists that something else than an act has freed."""
    benevolat_places.avancer_les_listes()


@app.periodic(cron="48 3 * * *")
@app.task(name="ressources.oublier_benevoles", queueing_lock="ressources.oublier_benevoles")
def oublier_benevoles(timestamp: int) -> None:
    """Each night: phones a month after, relayed messages a year after."""
    benevolat_suivi.oublier()
