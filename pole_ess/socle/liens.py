"""Signed links for mails: a purpose, an expiry, single use where they act.

A GET shows a page; only a POST acts, because mail scanners open every link (RFC 8058's reason too).
"""

import hashlib
from datetime import timedelta

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from .models import JetonUtilise


class LienInvalide(Exception):
    """The link is broken, or was made for another purpose."""


class LienExpire(LienInvalide):
    """The link was good and has passed its time."""


class LienDejaUtilise(LienInvalide):
    """The link has already acted."""


def signer(objectif: str, charge: dict) -> str:
    """A URL-safe token that holds `charge` (readable, not secret) for the purpose `objectif`."""
    return signing.dumps(charge, salt=f"lien.{objectif}", compress=True)


def lire(objectif: str, jeton: str, *, jours: float) -> dict:
    """The payload of a token at most `jours` days old. Raises LienExpire or LienInvalide."""
    try:
        return signing.loads(jeton, salt=f"lien.{objectif}", max_age=timedelta(days=jours))
    except signing.SignatureExpired as erreur:
        raise LienExpire from erreur
    except (signing.BadSignature, ValueError, UnicodeError) as erreur:
        raise LienInvalide from erreur


def _empreinte(jeton: str) -> str:
    return hashlib.sha256(jeton.encode("utf-8", "replace")).hexdigest()


def deja_utilise(jeton: str) -> bool:
    return JetonUtilise.objects.filter(pk=_empreinte(jeton)).exists()


def consommer(jeton: str, *, jours: float) -> None:
    """Mark the token used, inside the transaction of the act. Raises LienDejaUtilise the second time."""
    try:
        with transaction.atomic():
            JetonUtilise.objects.create(empreinte=_empreinte(jeton), expire_le=timezone.now() + timedelta(days=jours))
    except IntegrityError as erreur:
        raise LienDejaUtilise from erreur
