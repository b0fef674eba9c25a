from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from reunions.actions import invitations


@app.task(name=invitations.TACHE, queue="courriel", retry=RetryStrategy(max_attempts=6, wait=60, exponential_wait=4))
def ecrire_aux_invites(reunion_id: int, acte: str) -> str:
    """Write to whoever is concerned; started again, only to those who were not written to."""
    return f"{invitations.ecrire(reunion_id, acte)} messages"


@app.periodic(cron="22 8 * * *")
@app.task(name="reunions.rappeler_les_invites", queueing_lock="reunions.rappeler_les_invites")
def rappeler_les_invites(timestamp: int) -> str:
    """Each morning: who has not answered, seven and two days before."""
    return f"{invitations.rappeler()} rappels"


@app.periodic(cron="52 3 * * *")
@app.task(name="reunions.oublier_les_besoins", queueing_lock="reunions.oublier_les_besoins")
def oublier_les_besoins(timestamp: int) -> str:
    """Each night: access needs of meetings over for a month."""
    return f"{invitations.oublier_les_besoins()} besoins effacés"
