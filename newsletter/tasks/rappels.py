from procrastinate.contrib.django import app

from newsletter.actions import rappels


@app.periodic(cron="23 8 * * *")
@app.task(name="lettre.rappeler_breves", queueing_lock="lettre.rappeler_breves")
def rappeler_breves(timestamp: int) -> str:
    """Each morning: « proposer une brève », to the référents, once for an issue that leaves within a week."""
    return f"{rappels.rappeler_dus()} rappels"
