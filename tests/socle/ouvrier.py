"""A worker in a process of its own, on the tests' database and mail server: `python ouvrier.py`."""

import os

import django
from django.conf import settings
from django.core.management import call_command

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "pole_ess.settings.test"
    settings.DATABASES["default"]["NAME"] = os.environ["BASE"]
    settings.EMAIL_BACKEND = "pole_ess.socle.courriel.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(os.environ["PORT_SMTP"])
    settings.EMAIL_TIMEOUT = 60
    django.setup()
    call_command("procrastinate", "worker", "--queues=courriel", "--fetch-job-polling-interval=0.2")
