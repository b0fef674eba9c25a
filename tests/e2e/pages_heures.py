"""Pages that the browser tests open: accounts of hours."""

from django.urls import reverse

from ressources.actions.heures_courriels import lien
from ressources.models import CompteHeures, OperationHeures


def pages_heures(demo) -> list[tuple[str, str]]:
    """(role, URL) on the demonstration's data."""
    compte = CompteHeures.objects.get(structure=demo.structure())
    recue = OperationHeures.objects.a_confirmer_par([compte.pk]).order_by("pk").first()
    faite = OperationHeures.objects.filter(aidant=compte, etat="confirmee").order_by("pk").first()
    referent = demo.compte("referent")
    return [
        ("visiteur", reverse("ressources:heures")),
        ("visiteur", lien(recue, recue.cote_qui_decide, referent)),
        ("citoyen", reverse("ressources:heures_ouvrir")),
        ("referent", reverse("ressources:heures")),
        ("referent", compte.get_absolute_url()),
        ("referent", reverse("ressources:heures_proposer", args=[compte.pk])),
        ("referent", reverse("ressources:heures_fermer", args=[compte.pk])),
        ("referent", recue.get_absolute_url()),
        ("referent", faite.get_absolute_url()),
    ]
