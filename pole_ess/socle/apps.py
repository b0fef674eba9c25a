from django.apps import AppConfig


class SocleConfig(AppConfig):
    """Inner layer: mail and its outbox, signed links, limits, images, hub settings. Imports no app."""

    name = "pole_ess.socle"
    verbose_name = "Socle"
