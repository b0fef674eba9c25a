"""A need of volunteers: its shifts and the places left, or the button that opens them."""

from ressources.actions.benevolat import peut_porter_une_mission
from ressources.models import Mission
from ressources.permissions import peut_gerer

CRENEAUX_MAX = 5


def contexte(annonce, utilisateur):
    if annonce.est_offre or annonce.nature != "benevolat":
        return None
    gere = peut_gerer(utilisateur, annonce)
    mission = Mission.objects.filter(annonce=annonce).first()
    if mission is None:
        return {"mission": None, "gere": True} if gere and peut_porter_une_mission(annonce) else None
    creneaux = list(mission.creneaux.a_venir().order_by("debut", "fin", "pk"))
    if not creneaux and not gere and mission.est_ouverte:
        return None
    return {
        "mission": mission,
        "gere": gere,
        "creneaux": creneaux[:CRENEAUX_MAX],
        "autres": max(0, len(creneaux) - CRENEAUX_MAX),
        "libres": sum(creneau.restant for creneau in creneaux),
    }
