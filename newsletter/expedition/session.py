"""A worker's own connection to the database: it says that the worker is alive, and carries every move of its rows."""

import re
import secrets
import select
from dataclasses import dataclass

import psycopg
from django.db import connection
from psycopg import errors
from psycopg.pq import ExecStatus

from newsletter.models import Envoi
from newsletter.releve import MOTIF_PERDU, RELEVER
from pole_ess.socle.courriel.issues import Issue

from . import sql

REGLAGES = [
    "tcp_keepalives_idle = 1",
    "tcp_keepalives_interval = 1",
    "tcp_keepalives_count = 2",
    "plan_cache_mode = force_generic_plan",
    "synchronous_commit = off",
]
"""A machine that vanishes is seen by the server in three seconds; a move is planned once, not for each message, which
takes as long as the move; and only the taking of a batch waits for the disk."""
REPRISES = 3
"""Attempts of a statement that PostgreSQL chose to stop in a deadlock."""
ATTENTE_MAX = 60
"""Seconds for the answer to one move; longer, the database is taken for cut."""


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

    The lock is the session's, not a transaction's: PostgreSQL frees it when the worker dies, whatever kills it. A
    batch is on disk, with all that was written before it, before its first message leaves; its moves are committed
    without waiting for the disk, and newsletter.releve says why that is safe even if the server crashes.
    """

    def __init__(self):
        self.cle = secrets.randbits(62)
        self.requetes = 0
        """Statements executed: the cost per recipient is a promise."""
        self._enveloppe = connection.copy()

    def __enter__(self):
        self._enveloppe.connect()
        self._liaison = self._enveloppe.connection
        self._liaison.prepare_threshold = 1
        self._curseur = psycopg.Cursor(self._liaison)
        for reglage in REGLAGES:
            self._curseur.execute(f"SET {reglage}", prepare=False)
        self._curseur.execute("SELECT pg_advisory_lock(%s::bigint)", [self.cle], prepare=False)
        self._curseur.execute("INSERT INTO newsletter_ouvrier VALUES (%s::bigint)", [self.cle], prepare=False)
        texte, self._noms = _numeroter(sql.SUIVRE)
        prepare = self._liaison.pgconn.prepare(b"suivre", texte)
        if prepare.status != ExecStatus.COMMAND_OK:
            raise errors.error_from_result(prepare)
        return self

    def __exit__(self, *_):
        self._enveloppe.close()

    def _executer(self, texte: str, **parametres) -> list[tuple]:
        for essai in range(REPRISES):
            self.requetes += 1
            try:
                self._curseur.execute(texte, parametres)
                break
            except errors.DeadlockDetected:
                if essai == REPRISES - 1:
                    raise
        return self._curseur.fetchall() if self._curseur.description else []

    # -- batches

    def battre(self, numero: int, *, envoyes: int, taille: int, secondes: float) -> tuple | None:
        """(messages a minute or None, how many to take, seconds until the first may leave); None: not being sent."""
        lignes = self._executer(sql.BATTRE, numero=numero, envoyes=envoyes, taille=taille, secondes=secondes)
        return lignes[0] if lignes else None

    def prendre(self, numero: int, *, taille: int) -> list[Ligne]:
        """Take rows that nobody has, in the order of their keys; it is on disk on return."""
        lignes = self._executer(sql.PRENDRE, numero=numero, taille=taille, cle=self.cle)
        return sorted((Ligne(*ligne) for ligne in lignes), key=lambda ligne: ligne.id)

    def liberer(self) -> None:
        """Give back what was taken and not sent."""
        self._executer(sql.LIBERER, cle=self.cle)

    # -- messages

    def suivre(
        self, numero: int, fait: Ligne | None, issue: Issue | None, delai: float | None, suivant: Ligne | None
    ) -> str | None:
        """Write what became of `fait`, put `suivant` in flight; the latter's state, None when it must not leave."""
        self.demander(numero, fait, issue, delai, suivant)
        return self.repondre()

    def demander(
        self, numero: int, fait: Ligne | None, issue: Issue | None, delai: float | None, suivant: Ligne | None
    ) -> None:
        """The same, without waiting: the mail server is spoken to meanwhile. Then `repondre` before any body leaves."""
        valeurs = {
            "numero": numero,
            "cle": self.cle,
            "fait": fait.id if fait else None,
            "etat": str(issue.etat) if issue else None,
            "erreur": issue.erreur if issue else "",
            "delai": delai,
            "suivant": suivant.id if suivant else None,
            "abonne": suivant.abonne if suivant else None,
        }
        self._valeurs = [None if valeurs[nom] is None else str(valeurs[nom]).encode() for nom in self._noms]
        self._suivant = suivant
        self._envoyer_suivre()

    def _envoyer_suivre(self) -> None:
        self.requetes += 1
        self._liaison.pgconn.send_query_prepared(b"suivre", self._valeurs)
        self._liaison.pgconn.flush()

    def repondre(self) -> str | None:
        """The state of the row that `demander` put in flight, committed; None when it must not leave."""
        for essai in range(REPRISES):
            try:
                etats = self._lire()
                break
            except errors.DeadlockDetected:
                if essai == REPRISES - 1:
                    raise
                self._envoyer_suivre()
        return etats.get(self._suivant.id) if self._suivant else None

    def _lire(self) -> dict[int, str]:
        pgconn, etats, erreur = self._liaison.pgconn, {}, None
        while True:
            while pgconn.is_busy():
                if not select.select([pgconn.socket], [], [], ATTENTE_MAX)[0]:
                    raise psycopg.OperationalError("no answer from the database")
                pgconn.consume_input()
            resultat = pgconn.get_result()
            if resultat is None:
                break
            if resultat.status == ExecStatus.TUPLES_OK:
                for rang in range(resultat.ntuples):
                    etats[int(resultat.get_value(rang, 0))] = resultat.get_value(rang, 1).decode()
            else:
                erreur = errors.error_from_result(resultat)
        if erreur is not None:
            raise erreur
        return etats

    def rendre(self, ligne: Ligne) -> None:
        """It was in flight on paper only."""
        self._executer(sql.RENDRE, suivant=ligne.id, cle=self.cle)

    # -- the dead, and cuts

    def relever(self) -> int:
        """Take over from dead workers: what they had in flight is uncertain, the rest is free. How many uncertain."""
        perdus = self._executer(RELEVER, motif=MOTIF_PERDU)
        return sum(etat == Envoi.Etat.INCERTAIN for _, etat in perdus)

    def reprendre(self, cle: int, sus: list[tuple[Ligne, Issue]]) -> None:
        """After a cut that this worker lived through: what it knows of the batch that it held under `cle`.

        A message that the mail server put off is given back as if it had not been tried.
        """
        tranches = [(ligne, issue) for ligne, issue in sus if issue.etat != Envoi.Etat.DIFFERE]
        self._executer(sql.DOUTER, connus=[ligne.id for ligne, _ in tranches], cle=cle)
        for ligne, issue in tranches:
            if issue.etat != Envoi.Etat.INCERTAIN:
                self._executer(
                    sql.REGLER,
                    fait=ligne.id,
                    tentatives=ligne.tentatives + 1,
                    etat=str(issue.etat),
                    erreur=issue.erreur,
                )
        self._executer(sql.RECULER, cle=cle)


def _numeroter(texte: str) -> tuple[bytes, list[str]]:
    """The statement with PostgreSQL's own marks ($1, $2…), and the names in their order."""
    noms = []

    def marque(trouve):
        if trouve[1] not in noms:
            noms.append(trouve[1])
        return f"${noms.index(trouve[1]) + 1}"

    return re.sub(r"%\((\w+)\)s", marque, texte).encode(), noms
