from procrastinate.contrib.django import app

from ressources.actions import relations_suivi


@app.periodic(cron="12 7 * * *")
@app.task(name="ressources.suivre_conversations", queueing_lock="ressources.suivre_conversations")
def suivre_conversations(timestamp: int) -> None:
    """Each morning: reminders, « what did it come to? », and closing of what nobody answered."""
    relations_suivi.clore_sans_nouvelles()
    relations_suivi.relancer()
    relations_suivi.demander_les_suites()


@app.periodic(cron="42 3 * * *")
@app.task(name="ressources.anonymiser_conversations", queueing_lock="ressources.anonymiser_conversations")
def anonymiser_conversations(timestamp: int) -> None:
    """Each night: conversations closed for a year."""
    relations_suivi.anonymiser()
