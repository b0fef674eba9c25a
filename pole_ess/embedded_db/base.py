"""Django database backend: PostgreSQL's own, preceded by the start of the embedded cluster."""

import os
from pathlib import Path

from django.db.backends.postgresql import base, creation

from .cluster import Cluster

_started: set[tuple[int, str]] = set()


def _ensure_running(home: str, database: str) -> None:
    """Start the cluster once per process (a forked child asks again)."""
    key = (os.getpid(), home)
    if key not in _started:
        cluster = Cluster(Path(home))
        cluster.ensure_running()
        if database == "pole_ess":
            cluster.ensure_database(database)
        _started.add(key)


class DatabaseWrapper(base.DatabaseWrapper):
    """The PostgreSQL backend of Django, on a cluster that it starts when nobody has."""

    creation_class = creation.DatabaseCreation

    def get_connection_params(self):
        _ensure_running(self.settings_dict["CLUSTER_HOME"], self.settings_dict["NAME"])
        return super().get_connection_params()
