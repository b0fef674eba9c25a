"""Files on an S3-compatible storage, by settings (pole_ess/settings/medias.py). Needs the extra `s3`."""

import logging
from contextlib import contextmanager

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

journal = logging.getLogger("pole_ess.stockage")


@contextmanager
def _comme_un_disque():
    """What boto raises becomes OSError, as when a disk is full or away: callers need not know of S3."""
    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as erreur:
        if getattr(erreur, "response", {}).get("Error", {}).get("Code") in ("404", "NoSuchKey"):
            raise FileNotFoundError(str(erreur)) from erreur
        journal.error("S3 : %s", erreur)
        raise OSError(f"S3: {erreur}") from erreur


class _S3(S3Storage):
    """What both share: short waits, few attempts, no ACL, and the errors of a disk."""

    def __init__(self, **options):
        super().__init__(**options)
        self.client_config = self.client_config.merge(
            Config(
                signature_version="s3v4",
                connect_timeout=5,
                read_timeout=20,
                retries={"mode": "standard", "max_attempts": 3},
                # The checksums that boto adds by default are refused by servers older than 2025.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            )
        )

    def _save(self, name, content):
        with _comme_un_disque():
            return super()._save(name, content)

    def _open(self, name, mode="rb"):
        """The object is read at once: a view that has it open cannot fail half way."""
        with _comme_un_disque():
            fichier = super()._open(name, mode)
            if "r" in mode:
                fichier.open()
            return fichier

    def delete(self, name):
        with _comme_un_disque():
            super().delete(name)

    def exists(self, name):
        with _comme_un_disque():
            return super().exists(name)

    def listdir(self, name):
        with _comme_un_disque():
            return super().listdir(name)

    def size(self, name):
        with _comme_un_disque():
            return super().size(name)

    def get_modified_time(self, name):
        with _comme_un_disque():
            return super().get_modified_time(name)


class Medias(_S3):
    """Public pictures. Their address is MEDIA_URL's: the bucket's public one, or the portal's view, which reads it."""

    def get_object_parameters(self, name):
        """Names are random: a new picture is a new name."""
        return {**super().get_object_parameters(name), "CacheControl": "public, max-age=31536000, immutable"}

    def url(self, name, **_options):
        """Never signed: an address that expires would break the letters already sent, and the pages that are kept."""
        return settings.MEDIA_URL + filepath_to_uri(clean_name(name))


class Prive(_S3):
    """Private files: only a view that checks the right reads them; asking for their URL is an error."""

    def get_object_parameters(self, name):
        return {**super().get_object_parameters(name), "CacheControl": "private, no-store"}

    def url(self, name, **_options):
        raise ValueError("This file is not accessible via a URL.")
