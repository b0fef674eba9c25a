"""Urgencies that two waves did not meet, for the admin's home: one query."""

from django.db.models import Count, Min
from django.urls import reverse

from pole_ess.socle.attentes import Attente
from ressources.models import Urgence


def des_urgences(utilisateur) -> list[Attente]:
    """Somebody waits for tomorrow morning: pressing."""
    if not utilisateur.has_perm("ressources.change_urgence"):
        return []
    compte = Urgence.objects.a_l_equipe().order_by().aggregate(nombre=Count("pk"), depuis=Min("cree_le"))
    return [
        Attente(
            "Urgences sans réponse",
            compte["nombre"],
            reverse("admin:ressources_urgence_changelist") + "?etat__exact=ouverte&vague__exact=3",
            compte["depuis"],
            "Deux vagues d'appels n'ont pas suffi : cherchez quelqu'un, puis dites « pourvue autrement ».",
            pressant=True,
        )
    ]
