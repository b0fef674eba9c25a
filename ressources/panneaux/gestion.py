"""What the announcement's own référents, and the hub's staff, may do with it (ressources/panneaux/gestion.html)."""

from annuaire.permissions import est_referent
from ressources.permissions import peut_gerer

MODIFIABLES = ("brouillon", "a_valider", "a_corriger", "publiee")


def contexte(annonce, utilisateur):
    if not peut_gerer(utilisateur, annonce):
        return None
    return {
        "est_referent": est_referent(utilisateur, annonce.structure),
        "modifiable": annonce.etat in MODIFIABLES,
    }
