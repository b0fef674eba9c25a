"""Jobs of the directory, run by the worker."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from annuaire.actions import (
    fraicheur,
    images,
    position,
    proposition,
    rattachements,
    registres,
    registres_invitations,
    relais,
    signalement,
)
from annuaire.actions.imports import depots
from annuaire.notifications import resumes
from annuaire.registres import rapprochement


@app.periodic(cron="17 3 * * *")
@app.task(name="annuaire.purger_demandes", queueing_lock="annuaire.purger_demandes")
def purger_demandes(timestamp: int) -> None:
    """Daily: relayed messages and closed reports leave after twelve months, as the sheet promises."""
    relais.purger()
    signalement.purger()


@app.task(
    name="annuaire.geocoder",
    retry=RetryStrategy(max_attempts=6, exponential_wait=5, retry_exceptions={position.GeocodeurIndisponible}),
)
def geocoder(structure_id: int) -> None:
    position.geocoder(structure_id)


@app.periodic(cron="17 6 * * *")
@app.task(name="annuaire.relancer", queueing_lock="annuaire.relancer")
def relancer(timestamp: int) -> None:
    """Daily: write to the structures that nobody confirmed for a year."""
    fraicheur.relancer()


@app.periodic(cron="43 3 * * *")
@app.task(name="annuaire.purger_propositions", queueing_lock="annuaire.purger_propositions")
def purger_propositions(timestamp: int) -> None:
    """Daily: proposals never confirmed and invitations never accepted, after 30 days."""
    proposition.purger_brouillons()
    rattachements.purger_invitations()


@app.periodic(cron="29 3 * * *")
@app.task(name="annuaire.purger_imports", queueing_lock="annuaire.purger_imports")
def purger_imports(timestamp: int) -> None:
    """Daily: files deposited for import and never applied, after 30 days."""
    depots.purger()
    registres.depots.purger()


@app.periodic(cron="37 3 * * *")
@app.task(name="annuaire.suivre_registres", queueing_lock="annuaire.suivre_registres")
def suivre_registres(timestamp: int) -> None:
    """Daily: registered structures that have been listed since, and addresses of invitations that have passed."""
    rapprochement.rapprocher()
    registres_invitations.purger()


@app.periodic(cron="53 3 * * *")
@app.task(name="annuaire.purger_images", queueing_lock="annuaire.purger_images")
def purger_images(timestamp: int) -> None:
    """Daily: the files of logos and photos that nothing names any more."""
    images.purger_orphelins()


@app.periodic(cron="*/20 * * * *")
@app.task(name="annuaire.envoyer_resumes", queueing_lock="annuaire.envoyer_resumes")
def envoyer_resumes(timestamp: int) -> str:
    """Three times an hour, all year: the action itself knows the hours of Europe/Paris when they leave."""
    return f"{resumes.envoyer()} résumés"


@app.periodic(cron="37 3 * * *")
@app.task(name="annuaire.purger_avis", queueing_lock="annuaire.purger_avis")
def purger_avis(timestamp: int) -> None:
    """Daily: notices and grouped mails, six months after."""
    resumes.purger()
