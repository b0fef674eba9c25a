"""Where files lie."""

from contextlib import suppress

from django.conf import settings
from django.core.files.storage import FileSystemStorage


class StockageEntier(FileSystemStorage):
    """A file is there whole or not at all: what a full disk cut short is removed."""

    def _save(self, name, content):
        deja_la = self.exists(name)
        try:
            return super()._save(name, content)
        except OSError:
            if not deja_la:  # somebody else's of the same name is not ours to remove
                with suppress(OSError):
                    self.delete(name)
            raise


class StockagePrive(StockageEntier):
    """Files that only a view may give, after checking the right: asking for their URL is an error."""

    base_url = None  # FileSystemStorage would fall back on MEDIA_URL


def prive():
    """The storage of private files, for a FileField: named lazily, so that tests and hubs can move it."""
    from django.core.files.storage import storages

    return storages["prive"]


def adresse_absolue(fichier) -> str:
    """The whole address of a public file, for mails and machines: the portal's, or the one of the S3 bucket."""
    return fichier.url if "://" in fichier.url else settings.PORTAIL_URL + fichier.url
