"""Jobs of the shared purchases and posts."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from ressources.actions import mises_en_commun


@app.periodic(cron="17 7 * * *")
@app.task(name="ressources.demander_aux_pilotes", queueing_lock="ressources.demander_aux_pilotes")
def demander_aux_pilotes(timestamp: int) -> None:
    """Every morning: pilots whose closing date is past are asked what to do, once a date."""
    mises_en_commun.demander_aux_pilotes()


@app.task(
    name=mises_en_commun.TACHE, queue="courriel", retry=RetryStrategy(max_attempts=6, wait=60, exponential_wait=4)
)
def dire_aux_structures(mise: int, evenement: str, sauf: int | None, cle: str, parts: list[int]) -> str:
    """What happened to a purchase that many joined; started again, only those who were not told."""
    nombre = mises_en_commun.dire(mise=mise, evenement=evenement, sauf=sauf, cle=cle, parts=parts)
    return f"{nombre} structures"
