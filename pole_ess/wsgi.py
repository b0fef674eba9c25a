"""WSGI entry point (see docs/decisions: WSGI rather than ASGI)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pole_ess.settings.prod")
application = get_wsgi_application()
