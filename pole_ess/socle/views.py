"""The webhooks of the mail provider: mails coming in, and what became of ours."""

import logging
import re

from anymail.urls import urlpatterns as _routes_anymail
from anymail.utils import get_request_basic_auth
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

journal = logging.getLogger("pole_ess.courriel")

_SORTES = {"inbound": "entrant", "tracking": "suivi"}
VUES = {
    (nom[1], _SORTES[nom[2]]): route.callback.view_class
    for route in _routes_anymail
    if (nom := re.fullmatch(r"(\w+)_(inbound|tracking)_webhook", route.name))
}
"""(provider, sorte) -> anymail's view, for every provider that anymail knows."""


@csrf_exempt
@require_POST
def webhook(request, prestataire, sorte):
    """One call of the provider: 403 without the shared secret, 400 when it makes no sense, 500 to be called again.

    Anymail's own answer to a wrong secret is 400, and it accepts anyone when no secret is set: both are decided
    here, before its view reads a byte.
    """
    if not _secret_connu(request):
        return HttpResponse(status=403)
    try:
        classe = VUES[prestataire, sorte]
    except KeyError:
        raise Http404 from None
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.COURRIER_ENTRANT_MAX_OCTETS:
        return HttpResponse(status=413)
    try:
        vue = classe()
        if request.content_type == "application/json":
            # Attachments make mails larger than what forms may send (DATA_UPLOAD_MAX_MEMORY_SIZE).
            request._body = request.read(settings.COURRIER_ENTRANT_MAX_OCTETS)
        vue.run_validators(request)
        evenements = vue.parse_events(request)
    except (ImproperlyConfigured, SuspiciousOperation) as erreur:
        journal.warning("webhook %s refusé : %s", prestataire, erreur)
        return HttpResponse(status=403)
    except Exception as erreur:
        journal.warning("webhook %s incompréhensible : %s", prestataire, type(erreur).__name__)
        return HttpResponse(status=400)
    for evenement in evenements:
        vue.signal.send(sender=classe, event=evenement, esp_name=vue.esp_name)
    return HttpResponse()


def _secret_connu(request) -> bool:
    """HTTP basic authentication « user:password », as providers put it in the address they call."""
    attendu = settings.ANYMAIL.get("WEBHOOK_SECRET")
    recu = get_request_basic_auth(request)
    return bool(attendu and recu) and constant_time_compare(recu, attendu)
