"""The queue: a job is written on Django's own connection, hence in the transaction of the act."""

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import Task, configure_task

gestionnaire = JobManager(DjangoConnector())
"""Bound to Django's connection for good. Inside a worker, `task.defer()` uses the worker's own connection
pool instead: its job would outlive a rollback, and could start before the act is committed."""


def programmer(tache: Task | str, *, le=None, priorite: int | None = None, **arguments) -> int:
    """Queue one job of `tache` (a task or its name) in the current transaction; return the job's id.

    `le`: an aware datetime before which it does not run. Raises KeyError when the task does not exist.
    """
    if isinstance(tache, str):
        tache = app.tasks[tache]
    return configure_task(
        name=tache.name,
        job_manager=gestionnaire,
        queue=tache.queue,
        lock=tache.lock,
        queueing_lock=tache.queueing_lock,
        priority=tache.priority if priorite is None else priorite,
        schedule_at=le,
    ).defer(**arguments)
