"""WSGI entry point (see docs/decisions: WSGI rather than ASGI)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pole_ess.settings.prod")
os.environ.setdefault("POLE_ESS_WEB", "1")  # read by pole_ess/settings/bases.py
application = get_wsgi_application()
