from django.apps import AppConfig


class PortailConfig(AppConfig):
    """Outer layer: home, legal pages, feeds, and the demonstration. May import every app."""

    name = "pole_ess.portail"
    verbose_name = "Portail"

    def ready(self):
        from pole_ess import checks  # noqa: F401 - registers the system checks
