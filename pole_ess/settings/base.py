"""Settings shared by every environment; each value that a hub changes comes from the environment."""

from pathlib import Path

import environ

from pole_ess.socle.journal import suivre_travail

from . import bases, medias

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env("POLE_ESS_DATA", default=str(BASE_DIR / "var"))).resolve()

DEBUG = False
DEMO = False
"""True only under settings.demo: opens /demo/courrier/ and the demonstration's accounts."""
SECRET_KEY = env("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PORTAIL_URL = env("PORTAIL_URL", default="http://127.0.0.1:8000").rstrip("/")
"""Absolute address of the portal, for the links in mails and feeds."""

INSTALLED_APPS = [
    "pole_ess.portail",
    "newsletter",
    "reunions",
    "ressources",
    "annuaire",
    "pole_ess.socle",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "pole_ess.apps.StaticFilesConfig",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "pole_ess.apps.AdminConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "anymail",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_guid",
    "django_htmx",
    "js_lib_bootstrap_icons",
    "js_lib_leaflet",
    "procrastinate.contrib.django",
    "simple_history",
    "template_partials",
]

MIDDLEWARE = [
    "pole_ess.socle.proxy.AdresseClientMiddleware",
    "django_guid.middleware.guid_middleware",
    "django.middleware.security.SecurityMiddleware",
    "pole_ess.portail.api.middleware.ApiMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pole_ess.portail.sante.acces.AccesMiddleware",
    "csp.middleware.CSPMiddleware",
    "pole_ess.socle.middleware.TemoinsSainsMiddleware",
    "pole_ess.portail.middleware.VisiteurMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "pole_ess.socle.middleware.RequeteSaineMiddleware",
    "annuaire.comptes.MfaEquipeMiddleware",
    "pole_ess.portail.middleware.ConnexionMiddleware",
    "pole_ess.portail.middleware.LimiteMiddleware",
    "pole_ess.portail.middleware.PlaceMiddleware",
    "annuaire.middleware.AnciennesAdressesMiddleware",
    "pole_ess.portail.lecture.LectureMiddleware",  # last: it calls the view
]

ROOT_URLCONF = "pole_ess.urls"
WSGI_APPLICATION = "pole_ess.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pole_ess.socle.context.pole",
            ],
            "builtins": ["pole_ess.socle.templatetags.francais"],
        },
    }
]

# Database: DATABASE_URL, else the embedded PostgreSQL (see pole_ess/embedded_db.py)
EMBEDDED_DB_HOME, DATABASES = bases.lire(env, DATA_DIR)
DATABASE_ROUTERS = ["pole_ess.socle.aiguillage.Aiguilleur"] if bases.REPLIQUE in DATABASES else []
REPLIQUE_RETARD_MAX = env.int("REPLIQUE_RETARD_MAX", default=10)
"""Seconds: a replica later than that is not read."""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    # Shared by every web process and worker: counters of allauth live here.
    # MAX_ENTRIES well above what an attack can fill in a window: past it, rows are dropped, hence limits forgotten.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "socle_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
}

# Language and time
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

# Static and media
ASSETS_DIR = DATA_DIR / "assets"
"""Made at install time from packages (fonts as woff2, Bootstrap): manage.py preparer_assets."""
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"


ASSETS_DIR.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static", ASSETS_DIR]
MEDIAS_S3 = medias.lire(env)
STORAGES = {
    **medias.stockages(MEDIAS_S3, DATA_DIR),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_URL = medias.adresse(MEDIAS_S3)
MEDIA_ROOT = DATA_DIR / "media"
SERVIR_MEDIAS = MEDIA_URL.startswith("/")
"""Whether Django serves MEDIA_URL itself (portail.medias); in production nginx does, unless they lie on S3."""
FILE_UPLOAD_PERMISSIONS = 0o644
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FICHIER_MAX_OCTETS = 20 * 1024 * 1024
"""Bytes of one uploaded file at most; the upload handler stops while streaming."""
TELEVERSEMENT_MAX_OCTETS = 60 * 1024 * 1024
"""Bytes of all the files of one request at most."""
IMAGE_MAX_OCTETS = 10 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "pole_ess.socle.televersement.LimiteHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Accounts
AUTH_USER_MODEL = "annuaire.Utilisateur"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "mon_compte"
LOGOUT_REDIRECT_URL = "accueil"
ACCOUNT_ADAPTER = "annuaire.comptes.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {
    "login": "annuaire.forms.compte.ConnexionForm",
    "signup": "annuaire.forms.compte.InscriptionForm",
    "request_login_code": "annuaire.forms.compte.CodeParCourrielForm",
    "confirm_login_code": "annuaire.forms.compte.CodeConnexionForm",
    "confirm_email_verification_code": "annuaire.forms.compte.CodeAdresseForm",
    "add_email": "annuaire.forms.compte.AdresseForm",
    "change_email": "annuaire.forms.compte.AutreAdresseForm",
    "change_password": "annuaire.forms.compte.MotDePasseChangerForm",
    "set_password": "annuaire.forms.compte.MotDePasseChoisirForm",
    "reset_password": "annuaire.forms.compte.MotDePasseOublieForm",
    "reset_password_from_key": "annuaire.forms.compte.MotDePasseRefaireForm",
    "reauthenticate": "annuaire.forms.compte.ConfirmerIdentiteForm",
}
MFA_ADAPTER = "annuaire.comptes.MFAAdapter"
MFA_FORMS = {
    "authenticate": "annuaire.forms.compte.DoubleForm",
    "reauthenticate": "annuaire.forms.compte.DoubleConfirmerForm",
    "activate_totp": "annuaire.forms.compte.DoubleActiverForm",
}
MFA_EQUIPE_OBLIGATOIRE = True
"""Staff accounts must log in with two steps. False only where nothing is true: the demonstration, tests."""
MFA_TOTP_TOLERANCE = 1
OPPOSITION_SEL = env("OPPOSITION_SEL", default="")
"""Key of the objections' hashes (annuaire.oppositions). Empty: derived from SECRET_KEY; set it before
SECRET_KEY changes (manage.py shell: annuaire.oppositions.sel()), or the objections are forgotten."""
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Pôle ESS"

# Mail
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Pôle ESS <portail@pole.example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_BACKEND = env("EMAIL_BACKEND", default="django.core.mail.backends.smtp.EmailBackend")
vars().update(env.email_url("EMAIL_URL", default="smtp://127.0.0.1:25") if env("EMAIL_URL", default="") else {})
if EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend":
    # The same, and it knows whether the body had begun to leave when the talk broke off.
    EMAIL_BACKEND = "pole_ess.socle.courriel.smtp.EmailBackend"
EMAIL_TIMEOUT = 20
EMAIL_USE_LOCALTIME = True
ANYMAIL = {
    "WEBHOOK_SECRET": env("ANYMAIL_WEBHOOK_SECRET", default="") or None,
    # For hubs whose provider is Mailgun: it signs its calls besides.
    "MAILGUN_WEBHOOK_SIGNING_KEY": env("MAILGUN_WEBHOOK_SIGNING_KEY", default="") or None,
}
COURRIEL_TENTATIVES_MAX = 6
COURRIER_ENTRANT_DOMAINE = env("COURRIER_ENTRANT_DOMAINE", default="")
"""Domain whose mail the provider hands to the webhook; empty: answers cannot come back through the portal."""
LETTRE_EXPEDITEUR = env("LETTRE_EXPEDITEUR", default=DEFAULT_FROM_EMAIL)
"""From of the letter; its domain is the one that DKIM signs, and that of the Message-ID and List-Id."""
LETTRE_FEEDBACK_ID = env("LETTRE_FEEDBACK_ID", default="pole-ess")
"""Stable name of the sender in Gmail's Feedback-ID: 5 to 15 characters."""
COURRIER_ENTRANT_MAX_OCTETS = 25 * 1024 * 1024

# Forms
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Queue
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_WORKER_DEFAULTS = {"worker_middleware": [suivre_travail]}

# Map and geocoding (the only hosts a page may call beside the portal's own)
TUILES_URL = env(
    "TUILES_URL",
    default="https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2"
    "&STYLE=normal&FORMAT=image/png&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
)
TUILES_ORIGINE = env("TUILES_ORIGINE", default="https://data.geopf.fr")
TUILES_ATTRIBUTION = env("TUILES_ATTRIBUTION", default="© IGN Géoplateforme")
GEOCODEUR_URL = env("GEOCODEUR_URL", default="")
"""Search endpoint in the form of the public address API (GeoJSON); empty: points come from communes."""
COMMUNES_API_URL = env("COMMUNES_API_URL", default="https://geo.api.gouv.fr/communes")

# Open data
API_PAR_MINUTE = env.int("API_PAR_MINUTE", default=120)
"""Requests of the JSON API per network and minute."""
INTEGRATION_SITES = env.list("INTEGRATION_SITES", default=[])
"""Origins whose pages may show the lists of /integre/ in a frame (https://www.example.org); « * »: any site."""

# Security
PROXYS_DE_CONFIANCE = env.int("PROXYS_DE_CONFIANCE", default=0)
"""How many proxies of ours write X-Forwarded-For; 0: the header is ignored (pole_ess/socle/proxy.py)."""
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", TUILES_ORIGINE, *medias.origines(MEDIAS_S3)],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
"""Django's default would set a third cookie; the privacy page promises two."""
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_FAILURE_VIEW = "pole_ess.portail.erreurs.csrf"

SILENCED_SYSTEM_CHECKS = []

# What runs, seen from outside (docs/decisions/0025)
DJANGO_GUID = {"GUID_HEADER_NAME": "X-Request-ID", "EXPOSE_HEADER": False}
SURVEILLANCE_ADRESSES = env.list("SURVEILLANCE_ADRESSES", default=[])
"""Addresses or networks (192.0.2.0/28) that read /metriques/ and the details of /sante/pret/."""
SURVEILLANCE_JETON = env("SURVEILLANCE_JETON", default="")
"""The same for who gives it: « Authorization: Bearer … »."""
SAUVEGARDES_DIR = env("SAUVEGARDES_DIR", default="")
"""Where the nightly backups go: the health page says when the last one is too old. Empty: nobody looks."""
SENTRY_DSN = env("SENTRY_DSN", default="")
"""Address of an error tracker (extra `sentry`); empty: errors are in the logs only."""
SENTRY_ENVIRONNEMENT = env("SENTRY_ENVIRONNEMENT", default="production")
JOURNAL_FORMAT = env("JOURNAL_FORMAT", default="ligne")
"""« json » (production) or « ligne »."""
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"contexte": {"()": "pole_ess.socle.journal.Contexte"}},
    "formatters": {
        "ligne": {"()": "pole_ess.socle.journal.FormatLigne"},
        "json": {"()": "pole_ess.socle.journal.FormatJson"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": JOURNAL_FORMAT, "filters": ["contexte"]},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "pole_ess": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING"},  # Django's own would mail ADMINS what people typed
        "django.request": {"level": "ERROR"},
        "django_guid": {"level": "ERROR"},  # its warnings repeat what a visitor wrote in the header
    },
}
