"""An artist's tours on the artist's page; on a need of an artist, the tours that pass near."""

from ressources.actions.tournees import besoins_proches
from ressources.models import Tournee
from ressources.permissions import peut_gerer

RAYON_BESOINS = 30
RAYON_TOURNEES = 50


def contexte(annonce, utilisateur):
    if annonce.nature != "artiste":
        return None
    if not annonce.est_offre:
        return _pour_un_besoin(annonce, utilisateur)
    gere = peut_gerer(utilisateur, annonce)
    tournees = list(Tournee.objects.filter(annonce=annonce).a_venir().pour_listes().order_by("debut", "pk"))
    besoins = list(besoins_proches(annonce, km=RAYON_BESOINS)[:10]) if gere else []
    if not tournees and not gere:
        return None
    return {
        "titre": "Tournées",
        "tournees": tournees,
        "gere": gere,
        "besoins": besoins,
        "cherchent": len({besoin.structure_id for besoin in besoins}),
        "km": RAYON_BESOINS,
        "ouvrable": gere and annonce.etat == annonce.Etat.PUBLIEE and not annonce.est_expiree,
    }


def _pour_un_besoin(annonce, utilisateur):
    if annonce.latitude is None or annonce.etat != annonce.Etat.PUBLIEE:
        return None
    proches = Tournee.objects.visibles_par(utilisateur).a_venir().pour_listes()
    proches = proches.autour(annonce.latitude, annonce.longitude, km=RAYON_TOURNEES)
    tournees = list(proches.exclude(annonce__structure=annonce.structure_id).order_by("debut", "pk")[:5])
    if not tournees:
        return None
    return {
        "titre": "Des artistes en tournée près d'ici",
        "tournees": tournees,
        "gere": False,
        "besoins": [],
        "cherchent": 0,
        "km": RAYON_TOURNEES,
        "ouvrable": False,
    }
