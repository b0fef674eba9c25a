"""Workers one after the other, each in a process of its own: `python ouvrier.py`; prints the pid of each.

Django is loaded once; a life is a fork that runs the real procrastinate worker. A killed one is replaced at once, as
a supervisor does.
"""

import os
import sys
from datetime import timedelta

import django
from django.conf import settings
from django.core.management import call_command


def vivre() -> None:
    from newsletter.actions import envois
    from pole_ess.socle.courriel.smtp import _Temoin

    # Waits that prove nothing are shortened: for the last word of a silent server, and for a dead worker's next job.
    _Temoin.attente_finale = float(os.environ.get("ATTENTE_FINALE", "2"))
    if "SUITE" in os.environ:
        envois.SUITE = timedelta(seconds=float(os.environ["SUITE"]))
    files = os.environ.get("FILES", "lettre,entretien")
    call_command(
        "procrastinate", "worker", f"--queues={files}", f"--fetch-job-polling-interval={os.environ['SONDAGE']}"
    )


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "pole_ess.settings.test"
    settings.DATABASES["default"]["NAME"] = os.environ["BASE"]
    settings.EMAIL_BACKEND = "pole_ess.socle.courriel.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(os.environ["PORT_SMTP"])
    settings.EMAIL_TIMEOUT = 5
    settings.PORTAIL_URL = os.environ.get("PORTAIL", settings.PORTAIL_URL)
    django.setup()
    while True:
        enfant = os.fork()
        if enfant == 0:
            vivre()
            sys.exit(0)
        print(enfant, flush=True)
        os.waitpid(enfant, 0)
