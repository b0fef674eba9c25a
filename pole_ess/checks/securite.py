"""Who may come in, and whether mail can leave."""

import ipaddress

from django.conf import settings
from django.core.checks import Error, Info, Tags, Warning, register


@register(Tags.security)
def demo_stays_at_home(app_configs, **kwargs):
    """The demonstration's open accounts and mailbox never face a network without a word."""
    if not settings.DEMO or getattr(settings, "DEMO_OUVERTE", False):
        return []
    host = getattr(settings, "HOST", "127.0.0.1")
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = host == "localhost"
    if is_loopback:
        return []
    return [
        Error(
            f"The demonstration would listen on {host}: its accounts and its mailbox are open to anyone.",
            hint="Keep HOST=127.0.0.1, or set POLE_ESS_DEMO_OUVERTE=1 if you mean it.",
            id="pole_ess.E001",
        )
    ]


@register(Tags.security, deploy=True)
def staff_use_two_steps(app_configs, **kwargs):
    """In production the admin never opens on a password alone."""
    if settings.MFA_EQUIPE_OBLIGATOIRE or settings.DEMO:
        return []
    return [
        Error(
            "MFA_EQUIPE_OBLIGATOIRE is False: staff accounts would open with a password alone.",
            hint="Leave it True in production.",
            id="pole_ess.E002",
        )
    ]


@register(Tags.security)
def framing_sites_are_origins(app_configs, **kwargs):
    """An entry of INTEGRATION_SITES that is no origin would be silently unused: no frame would show there."""
    from pole_ess.portail.integration import mal_ecrits

    return [
        Error(
            f"INTEGRATION_SITES holds {site!r}, which is not an origin: it is ignored.",
            hint="A scheme and a host, without a path: https://www.example.org, https://*.example.org, or * for all.",
            id="pole_ess.E003",
        )
        for site in mal_ecrits()
    ]


BOITES_DE_TRAVAIL = ("boite_demo", "locmem", "console", "filebased", "dummy")


@register(Tags.security, deploy=True)
def mail_is_ready(app_configs, **kwargs):
    """A hub whose mails cannot leave, or whose webhook cannot be called, should know it before its members do."""
    if settings.DEMO:
        return []
    messages = []
    if settings.EMAIL_BACKEND.split(".")[-2] in BOITES_DE_TRAVAIL:
        messages.append(
            Warning(
                f"EMAIL_BACKEND is {settings.EMAIL_BACKEND}: no mail leaves this portal.",
                hint="Set EMAIL_URL (smtp+tls://user:password@host:587) or EMAIL_BACKEND to a provider of anymail.",
                id="pole_ess.W001",
            )
        )
    if settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith("example.org"):
        messages.append(
            Info(
                "DEFAULT_FROM_EMAIL is still under example.org: receivers will refuse the portal's mails.",
                hint="Set DEFAULT_FROM_EMAIL to an address of the hub's domain.",
                id="pole_ess.I001",
            )
        )
    secret = settings.ANYMAIL.get("WEBHOOK_SECRET")
    if settings.COURRIER_ENTRANT_DOMAINE and not secret:
        messages.append(
            Warning(
                "COURRIER_ENTRANT_DOMAINE is set without ANYMAIL_WEBHOOK_SECRET: no answer can come in.",
                hint="Set ANYMAIL_WEBHOOK_SECRET=user:password, and the same in the address the provider calls.",
                id="pole_ess.W002",
            )
        )
    if not secret:
        messages.append(
            Info(
                "ANYMAIL_WEBHOOK_SECRET is not set: the provider's webhooks answer 403, bounces stay unknown.",
                hint="Leave it so with a mail server of your own; a provider's webhooks need user:password.",
                id="pole_ess.I002",
            )
        )
    elif ":" not in secret:
        messages.append(
            Warning(
                "ANYMAIL_WEBHOOK_SECRET is not of the form user:password: every webhook call is refused.",
                id="pole_ess.W003",
            )
        )
    return messages
