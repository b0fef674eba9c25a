"""The signed links at the foot of optional mails: choosing without signing in, stopping in one click."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from annuaire.models import Utilisateur
from pole_ess.socle import liens

from . import sortes

OBJECTIF, JOURS = "notifications", 365


@dataclass(frozen=True)
class Lien:
    """Whose link, and the kinds of the mail that carried it."""

    utilisateur: Utilisateur
    sortes: list


def signer(utilisateur, *cles: str) -> str:
    return liens.signer(OBJECTIF, {"u": utilisateur.pk, "s": list(cles)})


def lire(jeton: str) -> Lien:
    """Raises LienInvalide and its kinds, Utilisateur.DoesNotExist (erased, or closed)."""
    charge = liens.lire(OBJECTIF, jeton, jours=JOURS)
    utilisateur = Utilisateur.objects.get(pk=charge["u"], is_active=True)
    return Lien(utilisateur, sortes.arretables(charge["s"]))


def pied(utilisateur, *cles: str) -> dict:
    """What `deposer` takes for an optional mail of these kinds: `lien_reglages` for its words, the one-click header.

    No header when none of the kinds may be refused.
    """
    jeton = signer(utilisateur, *cles)
    arret = reverse("compte_notifications_arret", args=[jeton])
    return {
        "contexte": {"lien_reglages": reverse("compte_notifications_lien", args=[jeton])},
        "desabonnement": settings.PORTAIL_URL + arret if sortes.arretables(cles) else "",
    }
