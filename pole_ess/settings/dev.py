"""A developer's machine: debug pages, mails kept in a folder."""

from .base import *  # noqa: F403 - a settings module re-exports its base
from .base import DATA_DIR, STORAGES

DEBUG = True
SECRET_KEY = "dev-only-not-a-secret-0123456789abcdefghijklmnopqrstuvwxyz"  # noqa: S105 - never used in prod
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
EMAIL_BACKEND = "pole_ess.socle.boite_demo.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "courrier"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
MFA_EQUIPE_OBLIGATOIRE = False
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
