"""Who may write short news. Lists are scoped by querysets."""

from annuaire.models import Structure
from annuaire.querysets import structures_de


def structures_pour_ecrire(utilisateur):
    """Structures in whose name this person may publish news: as référent; any published one for staff."""
    if not utilisateur.is_authenticated:
        return Structure.objects.none()
    if utilisateur.is_staff:
        return Structure.objects.publiees().order_by("tri", "pk")
    siennes = Structure.objects.filter(pk__in=structures_de(utilisateur, referent=True))
    return siennes.exclude(etat="refusee").order_by("tri", "pk")
