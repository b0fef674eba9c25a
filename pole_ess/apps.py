from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig as DjangoStaticFilesConfig


class AdminConfig(DjangoAdminConfig):
    """Django admin with the hub's header, its moderation home and MFA on its login."""

    default_site = "pole_ess.admin.PoleAdminSite"


class StaticFilesConfig(DjangoStaticFilesConfig):
    """Collects everything but the 2,000 icons: templates inline the few they use."""

    ignore_patterns = [*DjangoStaticFilesConfig.ignore_patterns, "bootstrap-icons", "bootstrap-icons/*"]
