from django.apps import AppConfig


class SocleConfig(AppConfig):
    """Inner layer: mail and its outbox, signed links, limits, images, hub settings. Imports no app."""

    name = "pole_ess.socle"
    verbose_name = "E-mails et réglages"

    def ready(self):
        from . import sentry
        from .courriel import reception  # noqa: F401 - connects the receivers

        sentry.demarrer()
