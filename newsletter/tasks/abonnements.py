from procrastinate.contrib.django import app

from newsletter.actions import abonnements, envois, imports


@app.periodic(cron="41 3 * * *")
@app.task(name="lettre.purger", queueing_lock="lettre.purger")
def purger(timestamp: int) -> str:
    """Each night: demands never confirmed, subscribers silent for three years, combinations that nobody has."""
    bilan = abonnements.purger() | {"listes": imports.purger(), "sessions": envois.oublier_sessions()}
    return ", ".join(f"{nom} : {nombre}" for nom, nombre in bilan.items())
