from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    """Django admin with the hub's header, its moderation home and MFA on its login."""

    default_site = "pole_ess.admin.PoleAdminSite"
