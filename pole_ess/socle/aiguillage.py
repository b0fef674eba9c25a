"""Where a read goes: the replica inside `sur_la_replique()`, the primary everywhere else (decision 26).

`portail.lecture` says for which requests. A replica is late: it serves only what it has surely received, which is known
by positions in PostgreSQL's journal (LSN), never by clocks of two machines.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

journal = logging.getLogger("pole_ess.replique")

REPLIQUE = "replique"
APPS = {"annuaire", "ressources", "newsletter", "reunions", "socle"}
"""What may be read late. Sessions, counters and the cache of limits may not."""
JAMAIS = {"socle.compteur"}
PERIODE = 1.0
"""Seconds between two looks at the replica, in each process."""
PANNE, PANNE_MAX = 5.0, 60.0
"""Seconds without asking a replica that failed; twice as long each time it fails again."""

_ouverte: ContextVar[bool] = ContextVar("lecture_sur_la_replique", default=False)


class Aiguilleur:
    """Django's database router. Never None: Django would then read again where the instance came from."""

    def db_for_read(self, model, **_hints) -> str:
        lisible = model._meta.app_label in APPS and model._meta.label_lower not in JAMAIS
        return alias() if lisible else DEFAULT_DB_ALIAS

    def db_for_write(self, model, **_hints) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, *_objets, **_hints) -> bool:
        return True

    def allow_migrate(self, db, *_arguments, **_hints) -> bool | None:
        return False if db == REPLIQUE else None


def alias() -> str:
    """The database to read now. What is read inside a transaction is for writing: the primary's."""
    if _ouverte.get() and not connections[DEFAULT_DB_ALIAS].in_atomic_block:
        return REPLIQUE
    return DEFAULT_DB_ALIAS


def connexion():
    """The connection of a read in raw SQL: `with connexion().cursor()`, where the ORM would have asked the router."""
    return connections[alias()]


@contextmanager
def sur_la_replique() -> Iterator[None]:
    jeton = _ouverte.set(True)
    try:
        yield
    finally:
        _ouverte.reset(jeton)


def position() -> int:
    """How far the primary's journal goes: what was committed before is at or under it. In bytes."""
    return _lire(DEFAULT_DB_ALIAS, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint")[0]


def _lire(base: str, requete: str) -> tuple:
    with connections[base].cursor() as curseur:
        curseur.execute(requete)
        return curseur.fetchone()


class Replique:
    """What this process knows of the replica, looked at once a second at most; threads share it."""

    def __init__(self):
        self._verrou = threading.Lock()
        self._regarde_a = self._panne_jusqu_a = float("-inf")
        self._pannes = 0
        self._repere: tuple[int, float] | None = None
        """A position of the primary, and when it was read: passed, the replica is at least as fresh as that."""
        self.jouee = 0
        self.a_jour_a = float("-inf")

    def peut_servir(self, depuis: int = 0) -> bool:
        """Whether it answers, is late by REPLIQUE_RETARD_MAX seconds at most, and has all that precedes `depuis`."""
        maintenant = time.monotonic()
        if maintenant < self._panne_jusqu_a:
            return False
        if maintenant - self._regarde_a >= PERIODE and self._verrou.acquire(blocking=False):
            try:
                self._regarder()
            finally:
                self._verrou.release()
        return self.retard <= settings.REPLIQUE_RETARD_MAX and self.jouee >= depuis

    @property
    def retard(self) -> float:
        """Seconds of lateness at most, `inf` when nothing is known. Never less than the age of the last look."""
        return time.monotonic() - self.a_jour_a

    def en_panne(self, erreur: Exception) -> None:
        """It failed: the primary answers everything for a while."""
        self._pannes += 1
        attente = min(PANNE * 2 ** (self._pannes - 1), PANNE_MAX)
        self._panne_jusqu_a = time.monotonic() + attente
        self.a_jour_a = float("-inf")
        connections[REPLIQUE].close()
        journal.warning("réplique en panne, %.0f s sans elle : %s", attente, str(erreur).strip())

    def _regarder(self) -> None:
        self._regarde_a = time.monotonic()
        if self._repere is None:
            self._repere = _reperer()
        try:
            suit, self.jouee = _lire(
                REPLIQUE, "SELECT pg_is_in_recovery(), pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint"
            )
        except (OperationalError, InterfaceError) as erreur:
            self.en_panne(erreur)
            return
        if not suit:
            self.en_panne(RuntimeError("it is not a replica any more"))
            return
        self._pannes = 0
        if self._repere is None:
            self.a_jour_a = time.monotonic()  # the primary is away: there is nothing fresher
        elif self.jouee >= self._repere[0]:
            self.a_jour_a = self._repere[1]
            self._repere = _reperer()


def _reperer() -> tuple[int, float] | None:
    """A position of the primary and the instant it was surely reached; None when the primary does not answer."""
    instant = time.monotonic()
    try:
        return position(), instant
    except (OperationalError, InterfaceError):
        connections[DEFAULT_DB_ALIAS].close()
        return None


replique = Replique()
