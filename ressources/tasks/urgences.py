"""Jobs of urgent help: the waves, and forgetting the phones that were exchanged."""

from procrastinate.contrib.django import app

from ressources.actions import urgences_reponses, urgences_vagues


@app.periodic(cron="* * * * *")
@app.task(name="ressources.avancer_urgences", queueing_lock="ressources.avancer_urgences")
def avancer_urgences(timestamp: int) -> None:
    """Each minute: all that is due, whatever became of the jobs that were to do it at its hour."""
    urgences_vagues.avancer()


@app.task(name="ressources.avancer_urgence")
def avancer_urgence(urgence_id: int) -> None:
    """At the hour of a wave: that urgency."""
    urgences_vagues.avancer_une(urgence_id)


@app.periodic(cron="48 3 * * *")
@app.task(name="ressources.oublier_urgences", queueing_lock="ressources.oublier_urgences")
def oublier_urgences(timestamp: int) -> None:
    """Each night: names and phones of urgencies over for 90 days."""
    urgences_reponses.oublier()
