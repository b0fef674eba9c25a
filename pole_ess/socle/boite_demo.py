"""The demonstration's mailbox: each mail is one file that anyone can read at /demo/courrier/."""

import secrets
import time
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Write each message as <time>-<random>.eml in settings.EMAIL_FILE_PATH, whole or not at all."""

    def send_messages(self, messages) -> int:
        dossier = Path(settings.EMAIL_FILE_PATH)
        dossier.mkdir(parents=True, exist_ok=True)
        for message in messages:
            nom = f"{time.time_ns()}-{secrets.token_hex(4)}"
            provisoire = dossier / f".{nom}.tmp"
            provisoire.write_bytes(message.message().as_bytes())
            provisoire.replace(dossier / f"{nom}.eml")
        return len(messages)
