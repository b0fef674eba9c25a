"""A worker's own connection to the database: it says that the worker is alive, and carries every move of its rows."""

import secrets
from dataclasses import dataclass

import psycopg
from django.db import connection

from newsletter.models import Envoi
from newsletter.releve import MOTIF_PERDU, RELEVER
from pole_ess.socle.courriel.issues import Issue

from . import sql

REGLAGES = [
    "synchronous_commit = on",
    "tcp_keepalives_idle = 1",
    "tcp_keepalives_interval = 1",
    "tcp_keepalives_count = 2",
]
"""« In flight » is on disk before a byte leaves, whatever the server's default; a vanished machine is seen in 3 s."""
REPRISES = 3
"""Attempts of a statement that PostgreSQL chose to stop in a deadlock."""


@dataclass(frozen=True)
class Ligne:
    """One row held: who gets which rendering. `courriel` is None for who has left."""

    id: int
    abonne: int | None
    courriel: str | None
    jeton: str | None
    rendu: int
    tentatives: int


class Session:
    """Use as a context manager. Raises psycopg.OperationalError as soon as the database is cut: what was held is lost.

    The lock is the session's, not a transaction's: PostgreSQL frees it when the worker dies, whatever kills it; a
    machine that vanishes is seen by the server's keepalives.
    """

    def __init__(self):
        self.cle = secrets.randbits(62)
        self.requetes = 0
        """Statements executed: the cost per recipient is a promise."""
        self._enveloppe = connection.copy()

    def __enter__(self):
        self._enveloppe.connect()
        liaison = self._enveloppe.connection
        liaison.prepare_threshold = 1
        self._curseur = psycopg.Cursor(liaison)
        for reglage in REGLAGES:
            self._curseur.execute(f"SET {reglage}", prepare=False)
        self._curseur.execute("SELECT pg_advisory_lock(%s::bigint)", [self.cle], prepare=False)
        return self

    def __exit__(self, *_):
        self._enveloppe.close()

    def _executer(self, texte: str, **parametres) -> list[tuple]:
        for essai in range(REPRISES):
            self.requetes += 1
            try:
                self._curseur.execute(texte, parametres)
                break
            except psycopg.errors.DeadlockDetected:
                if essai == REPRISES - 1:
                    raise
        return self._curseur.fetchall() if self._curseur.description else []

    def battre(self, numero: int, *, envoyes: int, taille: int, secondes: float) -> tuple | None:
        """(messages a minute or None, how many to take, seconds until the first may leave); None: not being sent."""
        lignes = self._executer(sql.BATTRE, numero=numero, envoyes=envoyes, taille=taille, secondes=secondes)
        return lignes[0] if lignes else None

    def prendre(self, numero: int, *, taille: int) -> list[Ligne]:
        """Take rows that nobody has, in the order of their keys."""
        lignes = self._executer(sql.PRENDRE, numero=numero, taille=taille, cle=self.cle)
        return sorted((Ligne(*ligne) for ligne in lignes), key=lambda ligne: ligne.id)

    def suivre(
        self, numero: int, fait: Ligne | None, issue: Issue | None, delai: float | None, suivant: Ligne | None
    ) -> str | None:
        """Write what became of `fait`, put `suivant` in flight; the latter's state, None when it must not leave."""
        etats = dict(
            self._executer(
                sql.SUIVRE,
                numero=numero,
                cle=self.cle,
                fait=fait.id if fait else None,
                etat=str(issue.etat) if issue else None,
                erreur=issue.erreur if issue else "",
                delai=delai,
                suivant=suivant.id if suivant else None,
                abonne=suivant.abonne if suivant else None,
            )
        )
        return etats.get(suivant.id) if suivant else None

    def rendre(self, ligne: Ligne) -> None:
        """It was in flight on paper only."""
        self._executer(sql.RENDRE, suivant=ligne.id, cle=self.cle)

    def liberer(self) -> None:
        """Give back what was taken and not sent."""
        self._executer(sql.LIBERER, cle=self.cle)

    def relever(self) -> int:
        """Take over from dead workers: what they had in flight is uncertain, the rest is free. How many uncertain."""
        perdus = self._executer(RELEVER, motif=MOTIF_PERDU)
        return sum(etat == Envoi.Etat.INCERTAIN for _, etat in perdus)

    def regler(self, fait: Ligne, issue: Issue, delai: float | None) -> None:
        """The outcome that an earlier session, cut in between, could not write."""
        self._executer(
            sql.REGLER,
            fait=fait.id,
            tentatives=fait.tentatives + 1,
            etat=str(issue.etat),
            erreur=issue.erreur,
            delai=delai,
        )

    def reculer(self, suivant: Ligne) -> None:
        """An earlier session was cut while it marked this one: it did not leave."""
        self._executer(sql.RECULER, suivant=suivant.id, tentatives=suivant.tentatives + 1)
