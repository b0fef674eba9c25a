"""Tests: production's behaviour, a cluster of their own, mails in memory."""

import warnings

from .base import *  # noqa: F403 - a settings module re-exports its base
from .base import DATA_DIR, STORAGES, TEMPLATES, env, medias

SECRET_KEY = "tests-only-not-a-secret-0123456789abcdefghijklmnopqrstuvwx"  # noqa: S105 - never used in prod
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
TESTS_DIR = DATA_DIR / "tests"
if not env("DATABASE_URL", default=""):
    from pole_ess import embedded_db

    EMBEDDED_DB_HOME = TESTS_DIR
    DATABASES = {"default": embedded_db.database_settings(EMBEDDED_DB_HOME)}
    DATABASES["default"].update(CONN_MAX_AGE=0, CONN_HEALTH_CHECKS=True)
DATABASES.pop("replique", None)  # tests of it make their own
DATABASE_ROUTERS = []
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
EMAIL_FILE_PATH = TESTS_DIR / "courrier"
MEDIA_ROOT = TESTS_DIR / "media"
STATIC_ROOT = TESTS_DIR / "static"  # empty: the live server would serve what the last demonstration collected
STORAGES |= medias.stockages(dict.fromkeys(medias.NOMS, ""), TESTS_DIR)
STORAGES["prive"] = {"BACKEND": "tests.stockage.PriveDuTest"}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
MFA_EQUIPE_OBLIGATOIRE = False  # a test of it says so
PORTAIL_URL = "http://testserver"
# An unknown template variable is a mistake: tests/conftest.py makes it an error.
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = ""
warnings.simplefilter("default")
