"""Jobs of the inner layer: sending mail, sweeping after killed workers, purging what is past its time."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from . import file_attente
from .courriel import entrant, expedition, menage


@app.task(name="courriel.expedier", queue="courriel")
def expedier(courriel_id: int) -> str:
    """Send one mail of the outbox, if nobody else has taken it; return what became of it."""
    return expedition.expedier(courriel_id)


@app.task(
    name="courriel.traiter_entrant",
    queue="courriel",
    retry=RetryStrategy(max_attempts=6, wait=60, exponential_wait=4),
)
def traiter_entrant(entrant_id: int) -> str:
    """Hand one received mail to the app whose exchange it belongs to."""
    return entrant.traiter(entrant_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="courriel.balayer", queue="entretien")
def balayer(timestamp: int) -> str:
    """Every five minutes: what killed workers left, mails and jobs alike."""
    incertains = menage.declarer_incertains()
    relances = file_attente.relancer_bloques()
    repris = menage.reprendre_oublies()
    return f"{incertains} incertains, {relances} travaux relancés, {repris} courriels repris"


@app.periodic(cron="17 3 * * *")
@app.task(name="socle.purger", queue="entretien")
def purger(timestamp: int) -> str:
    """Each night: what has expired goes."""
    return ", ".join(f"{nom} : {nombre}" for nom, nombre in menage.purger().items())
