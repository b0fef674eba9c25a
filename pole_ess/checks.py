"""The project's own system checks."""

import ipaddress

from django.conf import settings
from django.core.checks import Error, Tags, register


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
