from procrastinate.contrib.django import app

from reunions.actions import rappels_suites


@app.periodic(cron="12 7 * * *")
@app.task(name="reunions.rappeler_les_actions", queueing_lock="reunions.rappeler_les_actions")
def rappeler_les_actions(timestamp: int) -> str:
    """Each morning: who leads an action whose day is in a week, or past."""
    return f"{rappels_suites.rappeler()} rappels"
