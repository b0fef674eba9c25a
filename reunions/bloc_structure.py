"""« Ses prochaines dates », on a structure's sheet in the directory."""

from annuaire.blocs import Bloc
from reunions.models import Evenement
from reunions.permissions import structures_pour_proposer

MONTREES = 5


def contexte(structure, utilisateur):
    """Its coming events, the soonest first; for its référents, the way to post one. Two queries at most."""
    a_venir = Evenement.objects.publies().filter(structure=structure).a_venir().select_related("commune")
    dates = list(a_venir[:MONTREES])
    sien = utilisateur.is_authenticated and structures_pour_proposer(utilisateur).filter(pk=structure.pk).exists()
    if not dates and not sien:
        return None
    return {"dates": dates, "sien": sien}


BLOC = Bloc("rencontres", "Ses prochaines dates", "reunions/bloc_structure.html", contexte, ordre=30)
