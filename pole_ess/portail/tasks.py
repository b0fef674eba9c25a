"""Jobs of the outer layer: the figures of the observatory, the booklets of the directory."""

from django.http import QueryDict
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pole_ess.portail.observatoire import releve
from pole_ess.portail.papier import reserve
from pole_ess.portail.papier.demande import Demande


@app.periodic(cron="37 3 * * *")
@app.task(name="observatoire.relever", queue="entretien", queueing_lock="observatoire.relever")
def relever_observatoire(timestamp: int) -> str:
    """Each night: the figures of the observatory, counted once for all the readers of the day."""
    return releve.relever()


@app.task(name="papier.composer", queue="papier", lock="papier", retry=RetryStrategy(max_attempts=2, wait=60))
def composer(chaine: str) -> str:
    """One booklet, asked for on its page; `chaine`: its query string. One at a time over all workers."""
    return reserve.composer(Demande.lire(QueryDict(chaine))).nom


@app.periodic(cron="23 4 * * *")
@app.task(name="papier.preparer", queue="papier", queueing_lock="papier.preparer", lock="papier")
def preparer(timestamp: int) -> str:
    """Each night: old files go, and the whole directory is ready in each format, if it is not too long to be bound."""
    retires = reserve.purger()
    entiers = reserve.entiers()
    if reserve.etat(entiers[0]).trop:
        return f"{retires} retirés, annuaire trop long"
    for demande in entiers:
        reserve.composer(demande)
    return f"{retires} retirés, {len(entiers)} prêts"
