"""`make demo`: production's behaviour on the loopback, with open accounts and an open mailbox.

Refuses another host than the loopback unless POLE_ESS_DEMO_OUVERTE=1 says so (pole_ess/checks/).
"""

from .base import *  # noqa: F403 - a settings module re-exports its base
from .base import DATA_DIR, LOGGING, env

DEMO = True
DEMO_OUVERTE = env.bool("POLE_ESS_DEMO_OUVERTE", default=False)
HOST = env("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
SECRET_KEY = env("SECRET_KEY", default="demonstration-only-not-a-secret-0123456789abcdefghijk")
# An opened demonstration answers to whatever name its network gives it.
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *(["*"] if DEMO_OUVERTE else [])]
PORTAIL_URL = env("PORTAIL_URL", default=f"http://{f'[{HOST}]' if ':' in HOST else HOST}:{PORT}").rstrip("/")
EMAIL_BACKEND = "pole_ess.socle.boite_demo.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "courrier"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
MFA_EQUIPE_OBLIGATOIRE = False  # the printed accounts are for anyone to try
# The terminal says what who tries the portal needs: not each request, not each job.
LOGGING["loggers"] |= {"pole_ess.acces": {"level": "ERROR"}, "pole_ess.travaux": {"level": "ERROR"}}
