"""A hub's server, behind a TLS proxy."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403 - a settings module re-exports its base
from .base import ALLOWED_HOSTS, LOGGING, MEDIA_URL, MEDIAS_S3, SECRET_KEY, env

if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set.")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set.")

PORTAIL_URL = env("PORTAIL_URL", default=f"https://{ALLOWED_HOSTS[0]}").rstrip("/")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^sante/", r"^metriques/"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_HTTPONLY = True
MFA_EQUIPE_OBLIGATOIRE = True
SERVIR_MEDIAS = env.bool("SERVIR_MEDIAS", default=bool(MEDIAS_S3["bucket"]) and MEDIA_URL.startswith("/"))
JOURNAL_FORMAT = env("JOURNAL_FORMAT", default="json")
LOGGING["handlers"]["console"]["formatter"] = JOURNAL_FORMAT
