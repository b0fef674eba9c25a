"""Accounts: where allauth meets the portal (mails through the outbox, limits per network, MFA of the staff)."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from annuaire.models import Utilisateur
from pole_ess.socle.courriel import deposer
from pole_ess.socle.limites import adresse_reseau

COURRIELS = {
    # allauth's template prefix -> (our templates, whether it holds a code or a link that opens an account)
    "account/email/account_already_exists": ("compte_existe_deja", False),
    "account/email/email_changed": ("compte_adresse_changee", False),
    "account/email/email_confirm": ("compte_adresse_confirmee", False),
    "account/email/email_confirmation": ("compte_code_adresse", True),
    "account/email/email_confirmation_signup": ("compte_code_adresse", True),
    "account/email/email_deleted": ("compte_adresse_retiree", False),
    "account/email/login_code": ("compte_code_connexion", True),
    "account/email/password_changed": ("compte_mot_de_passe_change", False),
    "account/email/password_reset": ("compte_mot_de_passe_change", False),
    "account/email/password_reset_key": ("compte_mot_de_passe_oublie", True),
    "account/email/password_set": ("compte_mot_de_passe_change", False),
    "account/email/unknown_account": ("compte_inconnu", False),
    "mfa/email/recovery_codes_generated": ("compte_codes_de_secours", False),
    "mfa/email/totp_activated": ("compte_double_activee", False),
    "mfa/email/totp_deactivated": ("compte_double_desactivee", False),
}


class AccountAdapter(DefaultAccountAdapter):
    """allauth's mails become outbox rows; its limits count a network, never a header a client can forge."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Ce compte est suspendu. Écrivez à l'équipe du pôle pour savoir pourquoi.",
        "email_password_mismatch": "L'adresse e-mail ou le mot de passe ne va pas. Vérifiez les deux, "
        "ou recevez un code de connexion.",
        "incorrect_code": "Ce code ne va pas. Vérifiez-le, ou demandez-en un autre.",
        "incorrect_password": "Ce mot de passe ne va pas.",
        "too_many_login_attempts": "Trop d'essais manqués. Attendez cinq minutes, puis réessayez.",
        "rate_limited": "Trop d'essais à la suite. Attendez quelques minutes, puis réessayez.",
    }

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Put allauth's mail in the outbox. Raises KeyError for a mail that COURRIELS does not know."""
        gabarit, confidentiel = COURRIELS[template_prefix]
        utiles = {cle: context[cle] for cle in ("code", "from_email", "to_email", "deleted_email") if cle in context}
        if "password_reset_url" in context:
            utiles["lien"] = settings.PORTAIL_URL + urlsplit(context["password_reset_url"]).path
        deposer(
            gabarit,
            a=email,
            contexte=utiles,
            utilisateur=Utilisateur.objects.filter(email__iexact=email).first(),
            confidentiel=confidentiel,
        )

    def get_client_ip(self, request) -> str:
        """The network that allauth's limits count: see socle.limites.adresse_reseau."""
        return adresse_reseau(request) or "inconnu"

    def is_safe_url(self, url: str) -> bool:
        """allauth's rule; an address that cannot be read (« http://[ ») is not safe, rather than an error."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def format_email_subject(self, subject: str) -> str:
        return subject


class MFAAdapter(DefaultMFAAdapter):
    """Two-step login; the hub's staff may replace their application but not do without one."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Les comptes de l'équipe du pôle gardent la double authentification.",
        "incorrect_code": "Ce code ne va pas. Vérifiez l'heure de votre téléphone, puis tapez le code affiché.",
    }

    def can_delete_authenticator(self, authenticator) -> bool:
        return not doit_avoir_mfa(authenticator.user)


def doit_avoir_mfa(utilisateur) -> bool:
    """Staff accounts, everywhere but in the demonstration (settings.MFA_EQUIPE_OBLIGATOIRE)."""
    return settings.MFA_EQUIPE_OBLIGATOIRE and utilisateur.is_authenticated and utilisateur.is_staff


CHEMINS_SANS_MFA = (
    "/compte/",
    "/static/",
    "/media/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/accessibilite/",
    "/rencontres/direct/",  # asked every two seconds, gives no right: not worth reading the account
)


class MfaEquipeMiddleware:
    """A staff account without two-step login reaches its account pages only, to set it up.

    The whole portal and not only /admin/: staff rights also act on the public pages (edit any structure).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if (
            not request.path.startswith(CHEMINS_SANS_MFA)
            and doit_avoir_mfa(request.user)
            and not is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
        ):
            messages.warning(
                request,
                "Votre compte fait partie de l'équipe : activez d'abord la double authentification.",
            )
            return redirect(reverse("mfa_activate_totp"))
        return self.get_response(request)
