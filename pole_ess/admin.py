"""The admin site of the hub's staff."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme


def _deja_connecte(request, extra_context=None):
    """Staff already logged in go where they wanted; Django's own form, which knows no second step, never shows."""
    suite = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(suite, allowed_hosts={request.get_host()}):
        suite = reverse("admin:index")
    return HttpResponseRedirect(suite)


class PoleAdminSite(admin.AdminSite):
    """The hub's own header and what waits; its login page is allauth's, so that MFA cannot be gone round."""

    site_title = "Pôle ESS"
    index_title = "Ce qui attend"
    enable_nav_sidebar = False

    def each_context(self, request):
        from pole_ess.socle.models import ReglagesPole  # models are not loaded when this module is

        reglages = ReglagesPole.actuels()
        return {**super().each_context(request), "site_header": f"{reglages.nom} {reglages.territoire_nom} : équipe"}

    def get_urls(self):
        from pole_ess.portail.views.sante import sante_equipe  # the apps are not loaded when this module is

        return [path("sante/", self.admin_view(sante_equipe), name="sante"), *super().get_urls()]

    def index(self, request, extra_context=None):
        """The moderation home: every line of pole_ess.socle.attentes that this user may deal with."""
        from pole_ess.socle import attentes

        lignes = attentes.toutes(request.user)
        return super().index(
            request,
            {
                "attentes": [ligne for ligne in lignes if ligne.nombre],
                "calmes": [ligne for ligne in lignes if not ligne.nombre],
                **(extra_context or {}),
            },
        )

    def get_app_list(self, request, app_label=None):
        """In the order of the French alphabet: « Événements » stands at E, not after Z."""
        from annuaire.texte import plier  # the apps are not loaded when this module is

        applications = super().get_app_list(request, app_label)
        for application in applications:
            application["models"].sort(key=lambda modele: plier(modele["name"]))
        return applications

    def login(self, request, extra_context=None):
        return secure_admin_login(_deja_connecte)(request, extra_context)
