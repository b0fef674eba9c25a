"""What others join around a need: how far it is; or, on a need that nobody joins yet, opening it in one click."""

from ressources.models import MiseEnCommun
from ressources.permissions import peut_gerer, structures_pour_publier

OUVRABLES = {"achat_groupe": ("achat",), "competence": ("poste",), "materiel": ("achat",), "formation": ("achat",)}
"""Nature of a need -> the kinds that may come of it."""


def contexte(annonce, utilisateur):
    if annonce.est_offre:
        return None
    mise = MiseEnCommun.objects.filter(annonce=annonce).pour_listes().first()
    if mise is not None:
        return {"mise": mise, "gere": peut_gerer(utilisateur, annonce), "genres": ()}
    genres = OUVRABLES.get(annonce.nature, ())
    if not genres or annonce.etat != annonce.Etat.PUBLIEE or not structures_pour_publier(utilisateur).exists():
        return None
    return {"mise": None, "gere": False, "genres": genres}
