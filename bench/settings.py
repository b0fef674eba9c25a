"""Production's behaviour on databases of the bench's own, in an embedded cluster under <data>/bench."""

import os

from pole_ess import embedded_db
from pole_ess.settings.base import *  # noqa: F403 - a settings module re-exports its base
from pole_ess.settings.base import DATA_DIR, STORAGES

SECRET_KEY = "bench-only-not-a-secret-0123456789abcdefghijklmnopqrstuvwx"  # noqa: S105 - never used in prod
ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
BENCH_DIR = DATA_DIR / "bench"
EMBEDDED_DB_HOME = BENCH_DIR
DATABASES = {"default": embedded_db.database_settings(BENCH_DIR, name=os.environ.get("BENCH_BASE", "bench_grande"))}
DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=False)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
ROOT_URLCONF = "bench.urls"
(BENCH_DIR / "static").mkdir(parents=True, exist_ok=True)
STATIC_ROOT = BENCH_DIR / "static"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
