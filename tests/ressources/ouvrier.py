"""Workers one after the other, each in a process of its own: `python ouvrier.py`; prints the pid of each.

Django is loaded once; a life is a fork that runs the real procrastinate worker on the queue of ordinary jobs. A
killed one is replaced at once, as a supervisor does. No mail leaves: the outbox's rows are what the test counts.
"""

import os
import sys

import django
from django.conf import settings
from django.core.management import call_command

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "pole_ess.settings.test"
    settings.DATABASES["default"]["NAME"] = os.environ["BASE"]
    django.setup()
    while True:
        enfant = os.fork()
        if enfant == 0:
            call_command("procrastinate", "worker", "--queues=default", "--fetch-job-polling-interval=0.2")
            sys.exit(0)
        print(enfant, flush=True)
        os.waitpid(enfant, 0)
