"""Which databases: the primary, its pooler for web processes, its replica for visitors' reads (decision 26)."""

import os
from pathlib import Path

WEB = "POLE_ESS_WEB"
"""Set by pole_ess/wsgi.py: only what answers requests goes through the pooler."""
REPLIQUE = "replique"


def lire(env, maison: Path) -> tuple[Path | None, dict]:
    """(home of the embedded PostgreSQL, None when DATABASE_URL names another; DATABASES)."""
    embarquee, bases = _primaire(env, maison)
    pooler = env("DATABASE_POOLER_URL", default="")
    if pooler and os.environ.get(WEB):
        bases["default"] = env.db_url_config(pooler)
    if env("DATABASE_REPLICA_URL", default=""):
        bases[REPLIQUE] = _de_lecture(env.db_url("DATABASE_REPLICA_URL"))
    for base in bases.values():
        base.setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
        base.update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True, ATOMIC_REQUESTS=False)
        if pooler:
            # A transaction pooler gives another session at each transaction: nothing may be left in one.
            base["DISABLE_SERVER_SIDE_CURSORS"] = True
            base["OPTIONS"]["prepare_threshold"] = None
    return embarquee, bases


def _primaire(env, maison: Path) -> tuple[Path | None, dict]:
    if env("DATABASE_URL", default=""):
        return None, {"default": env.db_url("DATABASE_URL")}
    from pole_ess import embedded_db

    return maison, {"default": embedded_db.database_settings(maison)}


def _de_lecture(base: dict) -> dict:
    """A replica that is away must be known in seconds, since the primary can answer instead."""
    base["OPTIONS"] = {"connect_timeout": 2, "tcp_user_timeout": 3000, **base.get("OPTIONS", {})}
    base["TEST"] = {"MIRROR": "default"}
    return base
