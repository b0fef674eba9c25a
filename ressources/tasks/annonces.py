"""Jobs of the announcements."""

from procrastinate.contrib.django import app

from ressources.actions import annonces_rappels, signalements


@app.periodic(cron="2 7 * * *")
@app.task(name="ressources.rappeler_annonces", queueing_lock="ressources.rappeler_annonces")
def rappeler_annonces(timestamp: int) -> None:
    """Each morning: « toujours valable ? », 14 and 3 days before the last day, and the day after it."""
    annonces_rappels.rappeler()


@app.periodic(cron="52 3 * * *")
@app.task(name="ressources.archiver_annonces", queueing_lock="ressources.archiver_annonces")
def archiver_annonces(timestamp: int) -> None:
    """Each night: announcements closed or expired for a year, reports answered for a year."""
    annonces_rappels.archiver_les_vieilles()
    signalements.purger()
