"""The queue: a job is written on Django's own connection, hence in the transaction of the act."""

from dataclasses import dataclass
from datetime import datetime

from asgiref.sync import async_to_sync
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from procrastinate.tasks import Task, configure_task

gestionnaire = JobManager(DjangoConnector())
"""Bound to Django's connection for good. Inside a worker, `task.defer()` uses the worker's own connection
pool instead: its job would outlive a rollback, and could start before the act is committed."""


def programmer(tache: Task | str, *, le=None, priorite: int | None = None, **arguments) -> int:
    """Queue one job of `tache` (a task or its name) in the current transaction; return the job's id.

    `le`: an aware datetime before which it does not run. Raises KeyError when the task does not exist.
    """
    return _preparer(tache, le=le, priorite=priorite).defer(**arguments)


def programmer_une_fois(tache: Task | str, *, cle: str, le=None, **arguments) -> bool:
    """The same, unless a job with this key is waiting already (one that has begun does not count); False then."""
    try:
        with transaction.atomic():
            _preparer(tache, le=le, cle=cle).defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


def programmer_lot(tache: Task | str, lot: list[dict]) -> None:
    """Queue one job of `tache` for each dict of arguments, as `programmer` does, in one query."""
    if lot:
        _preparer(tache).batch_defer(*lot)


def _preparer(tache: Task | str, *, le=None, priorite: int | None = None, cle: str | None = None):
    if isinstance(tache, str):
        tache = app.tasks[tache]
    return configure_task(
        name=tache.name,
        job_manager=gestionnaire,
        queue=tache.queue,
        lock=tache.lock,
        queueing_lock=cle or tache.queueing_lock,
        priority=tache.priority if priorite is None else priorite,
        schedule_at=le,
    )


ESSAIS_MAX = 5
"""A job that has killed its worker this many times is not started again."""


def relancer_bloques() -> int:
    """Give back to the queue the jobs of workers that were killed: procrastinate leaves them `doing` for ever.

    A worker counts as dead after 30 s without a heartbeat. A restarted job may find its work half done: each
    task keeps its own state. Returns how many were given back.
    """
    relances = 0
    for travail in async_to_sync(gestionnaire.get_stalled_jobs)():
        if travail.attempts < ESSAIS_MAX:
            async_to_sync(gestionnaire.retry_job)(travail)
            relances += 1
        else:
            async_to_sync(gestionnaire.finish_job)(travail, Status.FAILED, delete_job=False)
    return relances


@dataclass(frozen=True)
class EtatDeFile:
    """The jobs of one queue whose time has come, and since when the oldest of them waits."""

    nom: str
    travaux: int
    depuis: datetime | None


def etat_des_files() -> list[EtatDeFile]:
    """Queues with jobs that a free worker would take now; one query, whatever their number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH dus AS (SELECT queue_name, count(*) AS travaux, min(scheduled_at) AS programme,"
            " min(id) FILTER (WHERE scheduled_at IS NULL) AS premier FROM procrastinate_jobs"
            " WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()) GROUP BY queue_name)"
            " SELECT queue_name, travaux, least(programme,"
            " (SELECT min(at) FROM procrastinate_events WHERE job_id = premier AND type = 'deferred'))"
            " FROM dus ORDER BY queue_name"
        )
        return [EtatDeFile(*ligne) for ligne in cursor.fetchall()]


VIVANT_SECONDES = 30
"""Without a heartbeat for longer a worker is dead (procrastinate's own bound; it beats each ten seconds)."""


def ouvriers() -> tuple[int, datetime | None]:
    """How many workers are alive, and the last sign of life of any."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE last_heartbeat > now() - make_interval(secs => %s)), max(last_heartbeat)"
            " FROM procrastinate_workers",
            [VIVANT_SECONDES],
        )
        return cursor.fetchone()
