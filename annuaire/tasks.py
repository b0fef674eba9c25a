"""Jobs of the directory, run by the worker."""

from procrastinate.contrib.django import app

from annuaire.actions import relais, signalement


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="annuaire.purger_demandes", pass_context=False)
def purger_demandes(timestamp: int) -> None:
    """Every night: relayed messages and closed reports leave after twelve months, as the sheet promises."""
    relais.purger()
    signalement.purger()
