"""The admin site of the hub's staff."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin


class PoleAdminSite(admin.AdminSite):
    """French header; its login page is allauth's, so that MFA cannot be gone round."""

    site_header = "Pôle ESS : équipe"
    site_title = "Pôle ESS"
    index_title = "Ce qui attend"
    enable_nav_sidebar = True

    def login(self, request, extra_context=None):
        return secure_admin_login(super().login)(request, extra_context)
