"""A batch: what is left, my part of it, and for the giver who asks."""

from ressources.forms.lot import DemandePartForm
from ressources.permissions import peut_gerer, structures_pour_repondre
from ressources.presentation_lot import barre
from ressources.querysets_lots import EN_COURS


def contexte(annonce, utilisateur):
    if not annonce.est_lot:
        return None
    parts = list(annonce.parts.pour_pages())
    gere = peut_gerer(utilisateur, annonce)
    structures = structures_pour_repondre(utilisateur, annonce)
    siennes = {structure.pk for structure in structures}
    miennes = [part for part in parts if part.structure_id in siennes]
    ouvertes = {part.structure_id for part in miennes if part.etat in EN_COURS}
    proposee = annonce.etat == annonce.Etat.PUBLIEE and not annonce.est_expiree
    peut_demander = proposee and bool(siennes - ouvertes)
    attente = [part.pk for part in parts if part.etat == "en_attente"]
    for part in miennes:
        part.rang = attente.index(part.pk) + 1 if part.pk in attente else 0
    return {
        "barre": barre(annonce, parts),
        "parts": parts,
        "miennes": miennes,
        "proposee": proposee,
        "gere": gere,
        "connecte": utilisateur.is_authenticated,
        "sans_structure": utilisateur.is_authenticated and not siennes and not gere,
        "form": DemandePartForm(annonce=annonce, structures=structures.exclude(pk__in=ouvertes), auto_id="part_%s")
        if peut_demander
        else None,
        "a_decider": [part for part in parts if part.etat == "demandee"],
        "en_attente": attente,
        "a_remettre": [part for part in parts if part.etat == "attribuee"],
        "toutes_remises": annonce.est_complete and all(part.etat != "attribuee" for part in parts),
    }
