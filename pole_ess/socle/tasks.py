"""Jobs of the inner layer: sending mail, sweeping after killed workers, purging what is past its time."""

from procrastinate.contrib.django import app

from .courriel import expedition


@app.task(name="courriel.expedier", queue="courriel")
def expedier(courriel_id: int) -> str:
    """Send one mail of the outbox, if nobody else has taken it; return what became of it."""
    return expedition.expedier(courriel_id)
