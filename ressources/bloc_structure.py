"""« Offres et besoins » of a structure, on its sheet in the directory."""

from annuaire.blocs import Bloc
from ressources.models import Annonce
from ressources.permissions import structures_gerees

MONTREES = 6


def contexte(structure, utilisateur):
    """Its open announcements, the newest first; for its référents, the way to post one. Four queries at most."""
    ouvertes = Annonce.objects.ouvertes().filter(structure=structure).order_by("-publiee_le", "-pk")
    annonces = list(
        ouvertes.select_related("structure", "commune", "categorie")
        .prefetch_related("photos")
        .defer("recherche", "recherche_vecteur")[: MONTREES + 1]
    )
    sien = utilisateur.is_authenticated and structures_gerees(utilisateur).filter(pk=structure.pk).exists()
    if not annonces and not sien:
        return None
    return {"annonces": annonces[:MONTREES], "plus": len(annonces) > MONTREES, "sien": sien}


BLOC = Bloc("annonces", "Offres et besoins", "ressources/bloc_structure.html", contexte, ordre=20)
