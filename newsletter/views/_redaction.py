"""What the pages where staff write and send an issue share: the right, the issue, the breadcrumb, the tabs."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse

from newsletter.models import Numero

INCONNU = "Ce bouton n'a pas été compris : recommencez."


def redacteurs_seulement(vue):
    """The admin's right on issues: login for visitors, 403 for the others. A middleware asks for MFA."""

    @wraps(vue)
    @login_required
    def gardee(request, *args, **kwargs):
        if not (request.user.is_staff and request.user.has_perm("newsletter.change_numero")):
            raise PermissionDenied
        return vue(request, *args, **kwargs)

    return gardee


def avec_numero(vue):
    """A page of one issue."""

    @wraps(vue)
    @redacteurs_seulement
    def gardee(request, pk, **kwargs):
        return vue(request, get_object_or_404(Numero.objects.select_related("lance_par"), pk=pk), **kwargs)

    return gardee


def contexte_de(numero: Numero, ici: str, **reste) -> dict:
    """`ici`: the page's name in the breadcrumb and its tab."""
    onglets = [("Écrire", "rediger"), ("Aperçu", "apercu"), ("Vérifier et envoyer", "envoyer")]
    if not numero.modifiable:
        onglets = [("Envoi", "suivi"), ("Aperçu", "apercu")]
    return {
        "numero": numero,
        "ici": ici,
        "etapes": [("Lettres", reverse("newsletter:redaction")), (str(numero), numero_url(numero))],
        "onglets": [(nom, reverse(f"newsletter:{page}", args=[numero.pk]), nom == ici) for nom, page in onglets],
        **reste,
    }


def numero_url(numero: Numero, ancre: str = "") -> str:
    """Where staff go on with it: written while it may be, followed afterwards."""
    page = "rediger" if numero.modifiable else "suivi"
    return reverse(f"newsletter:{page}", args=[numero.pk]) + (f"#{ancre}" if ancre else "")
