"""The demonstration's mailbox: each mail is one file, that anyone can read at /demo/courrier/."""

import email
import email.policy
import re
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

NOM = re.compile(r"[0-9]{19}-[0-9a-f]{8}")
"""Nanoseconds since 1970, so that names sort by date, and a random end."""


class EmailBackend(BaseEmailBackend):
    """Write each message as one .eml file in settings.EMAIL_FILE_PATH, whole or not at all."""

    def send_messages(self, messages) -> int:
        dossier = _dossier()
        dossier.mkdir(parents=True, exist_ok=True)
        for message in messages:
            nom = f"{time.time_ns():019d}-{secrets.token_hex(4)}"
            provisoire = dossier / f".{nom}.tmp"
            provisoire.write_bytes(message.message().as_bytes())
            provisoire.replace(dossier / f"{nom}.eml")
        return len(messages)


@dataclass(frozen=True)
class Lettre:
    """One mail of the box, as its reader would see it."""

    nom: str
    sujet: str
    a: str
    date: datetime
    entetes: list[tuple[str, str]]
    texte: str = ""
    html: str = ""


def noms() -> list[str]:
    """The names of all mails, newest first."""
    dossier = _dossier()
    if not dossier.is_dir():
        return []
    return sorted((f.stem for f in dossier.glob("*.eml") if NOM.fullmatch(f.stem)), reverse=True)


def lettres(noms_voulus, *, destinataire: str = "") -> list[Lettre]:
    """The named mails without their bodies; with `destinataire`, those whose To contains it."""
    lues = (_lire(nom, corps=False) for nom in noms_voulus)
    cherche = destinataire.casefold()
    return [lettre for lettre in lues if lettre and cherche in lettre.a.casefold()]


def lire(nom: str) -> Lettre | None:
    """One mail, whole; None when there is none of that name, or when the name is not one of ours."""
    return _lire(nom, corps=True) if NOM.fullmatch(nom) else None


def _lire(nom: str, *, corps: bool) -> Lettre | None:
    try:
        octets = (_dossier() / f"{nom}.eml").read_bytes()
    except FileNotFoundError:
        return None
    if not corps:
        octets = octets.partition(b"\n\n")[0] + b"\n\n"
    message = email.message_from_bytes(octets, policy=email.policy.default)
    parties = {"plain": "", "html": ""}
    if corps:
        for sorte in parties:
            if partie := message.get_body(preferencelist=(sorte,)):
                parties[sorte] = partie.get_content()
    return Lettre(
        nom=nom,
        sujet=str(message["Subject"] or ""),
        a=str(message["To"] or ""),
        date=datetime.fromtimestamp(int(nom[:19]) / 1e9, tz=UTC),
        entetes=[(titre, str(valeur)) for titre, valeur in message.items()],
        texte=parties["plain"],
        html=parties["html"],
    )


def _dossier() -> Path:
    return Path(settings.EMAIL_FILE_PATH)
