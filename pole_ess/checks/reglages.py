"""Settings that must agree with each other, or with what stands in front of the portal."""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Info, Tags, Warning, register
from django.http.request import validate_host

from pole_ess.socle import sentry

JETON_MIN = 20


@register(Tags.security, deploy=True)
def addresses_agree(app_configs, **kwargs):
    """The address written in mails is one that the portal answers to, over TLS, behind proxies that it knows."""
    if settings.DEMO:
        return []
    messages = []
    adresse = urlsplit(settings.PORTAIL_URL)
    if adresse.scheme != "https":
        messages.append(
            Warning(
                f"PORTAIL_URL is {settings.PORTAIL_URL}: the links in mails would travel in clear.",
                hint="Write it with https://.",
                id="pole_ess.W010",
            )
        )
    if not validate_host(adresse.hostname or "", settings.ALLOWED_HOSTS):
        messages.append(
            Warning(
                f"PORTAIL_URL's host ({adresse.hostname}) is not in ALLOWED_HOSTS: every link in a mail answers 400.",
                hint="Add it to ALLOWED_HOSTS, or correct PORTAIL_URL.",
                id="pole_ess.W011",
            )
        )
    if settings.PROXYS_DE_CONFIANCE < 1:
        messages.append(
            Info(
                "PROXYS_DE_CONFIANCE is 0: behind a proxy, every visitor counts as one for the rate limits.",
                hint="Set it to the number of proxies of yours in front (1 with deploy/nginx.conf).",
                id="pole_ess.I010",
            )
        )
    return messages


@register(Tags.security, deploy=True)
def objections_have_their_key(app_configs, **kwargs):
    """Who asked not to be listed is known by a keyed hash: a key that changes forgets them all."""
    if settings.OPPOSITION_SEL or settings.DEMO:
        return []
    return [
        Warning(
            "OPPOSITION_SEL is not set: the objections' hashes depend on SECRET_KEY, and are lost when it changes.",
            hint="New hub: a random value, once. Running hub: manage.py shell, annuaire.oppositions.sel(), its value.",
            id="pole_ess.W012",
        )
    ]


@register(Tags.security, deploy=True)
def monitoring_is_closed(app_configs, **kwargs):
    """The measures and the details of health are for machines of ours; error mails, which hold forms, for nobody."""
    messages = []
    for adresse in settings.SURVEILLANCE_ADRESSES:
        try:
            reseau = ipaddress.ip_network(adresse, strict=False)
        except ValueError:
            messages.append(
                Error(
                    f"SURVEILLANCE_ADRESSES: {adresse} is neither an address nor a network.",
                    hint="As in 192.0.2.7,192.0.2.0/28,2001:db8::1.",
                    id="pole_ess.E010",
                )
            )
            continue
        if reseau.is_loopback and settings.PROXYS_DE_CONFIANCE < 1:
            messages.append(
                Warning(
                    "SURVEILLANCE_ADRESSES holds the loopback with PROXYS_DE_CONFIANCE=0: any visitor may be it.",
                    hint="Set PROXYS_DE_CONFIANCE, or use SURVEILLANCE_JETON.",
                    id="pole_ess.W013",
                )
            )
    if 0 < len(settings.SURVEILLANCE_JETON) < JETON_MIN:
        messages.append(
            Warning(
                f"SURVEILLANCE_JETON has fewer than {JETON_MIN} characters: it can be guessed.",
                hint='python3 -c "import secrets; print(secrets.token_urlsafe(30))"',
                id="pole_ess.W014",
            )
        )
    if settings.SENTRY_DSN and not sentry.installe():
        messages.append(
            Warning(
                "SENTRY_DSN is set and sentry-sdk is not installed: no error is told to it.",
                hint='pip install "sentry-sdk[django]" (the extra « sentry »).',
                id="pole_ess.W015",
            )
        )
    if settings.ADMINS:
        messages.append(
            Warning(
                "ADMINS is set: the portal mails no error, because Django's report holds what people typed.",
                hint="Read the logs, or set SENTRY_DSN.",
                id="pole_ess.W016",
            )
        )
    return messages


@register(Tags.security)
def tiles_may_be_shown(app_configs, **kwargs):
    """Browsers refuse the map's tiles unless their origin is in the content security policy."""
    adresse = urlsplit(settings.TUILES_URL)
    origine = f"{adresse.scheme}://{adresse.netloc}" if adresse.netloc else "'self'"
    messages = []
    permises = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"]
    if origine not in permises:
        messages.append(
            Warning(
                f"TUILES_URL is under {origine}, which the content security policy refuses: the map stays empty.",
                hint=f"Set TUILES_ORIGINE={origine}.",
                id="pole_ess.W017",
            )
        )
    manquent = [partie for partie in ("{z}", "{x}", "{y}") if partie not in settings.TUILES_URL]
    if manquent:
        messages.append(
            Warning(
                f"TUILES_URL lacks {', '.join(manquent)}: every tile would be the same.",
                hint="As in https://tiles.example.org/{z}/{x}/{y}.png.",
                id="pole_ess.W018",
            )
        )
    return messages
