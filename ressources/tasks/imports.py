from procrastinate.contrib.django import app

from ressources.actions.imports import depots


@app.periodic(cron="31 3 * * *")
@app.task(name="ressources.purger_imports", queueing_lock="ressources.purger_imports")
def purger_imports(timestamp: int) -> None:
    """Daily: lists deposited for import and never applied, after 30 days."""
    depots.purger()
