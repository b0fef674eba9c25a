"""Jobs of the outer layer, run by the worker."""

from procrastinate.contrib.django import app

from pole_ess.portail.observatoire import releve


@app.periodic(cron="37 3 * * *")
@app.task(name="observatoire.relever", queue="entretien", queueing_lock="observatoire.relever")
def relever_observatoire(timestamp: int) -> str:
    """Each night: the figures of the observatory, counted once for all the readers of the day."""
    return releve.relever()
