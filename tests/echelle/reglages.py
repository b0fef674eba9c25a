"""The demonstration's settings for processes that the tests start: no collected file, quick passwords."""

from pole_ess.settings.demo import *  # noqa: F403 - a settings module re-exports its base
from pole_ess.settings.demo import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
