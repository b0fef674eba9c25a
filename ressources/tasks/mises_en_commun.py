"""Jobs of the shared purchases and posts."""

from procrastinate.contrib.django import app

from ressources.actions import mises_en_commun


@app.periodic(cron="17 7 * * *")
@app.task(name="ressources.demander_aux_pilotes", queueing_lock="ressources.demander_aux_pilotes")
def demander_aux_pilotes(timestamp: int) -> None:
    """Every morning: pilots whose closing date is past are asked what to do, once a date."""
    mises_en_commun.demander_aux_pilotes()
