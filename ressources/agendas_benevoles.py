"""The iCalendar file of a volunteer's shifts to come: their own, so with what they need to come."""

from urllib.parse import urlsplit

from django.conf import settings

from ressources.agenda import ical
from ressources.models import InscriptionBenevole
from ressources.templatetags.benevolat import ou


def de(utilisateur) -> bytes:
    """Confirmed ones, and those that wait as « tentative »."""
    siennes = InscriptionBenevole.objects.a_venir_de(utilisateur)
    return ical.ecrire("Mes missions de bénévolat", [_evenement(inscription) for inscription in siennes])


def _evenement(inscription) -> ical.Evenement:
    creneau = inscription.creneau
    attend = inscription.etat == "en_attente"
    titre = " : ".join(filter(None, [str(creneau.mission), creneau.intitule]))
    return ical.Evenement(
        uid=f"benevole-{inscription.pk}@{urlsplit(settings.PORTAIL_URL).hostname or 'pole-ess'}",
        titre=f"Liste d'attente : {titre}" if attend else titre,
        periode=inscription.periode,
        cree_le=inscription.cree_le,
        modifie_le=max(inscription.modifie_le, creneau.modifie_le),
        ferme=not attend,
        lieu=ou(creneau),
        url=f"{settings.PORTAIL_URL}{inscription.get_absolute_url()}",
    )
