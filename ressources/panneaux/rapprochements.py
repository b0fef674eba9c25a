"""What could suit a need; who seeks what is offered."""

from django.urls import reverse

from annuaire.querysets import structures_de
from ressources.actions.rapprochements import annonces_suivies, deja_dits, ecartes
from ressources.permissions import peut_gerer
from ressources.rapprochement import chercher, chercher_tous


def contexte(annonce, utilisateur):
    """For everybody while it is open; its référents also see that nothing fits yet, and what they put aside."""
    if not annonce.est_ouverte or not annonce.structure_publiee:
        return None
    gere = peut_gerer(utilisateur, annonce)
    accords = chercher(annonce)
    if not accords and not gere:
        return None
    return {
        "lignes": [ligne(annonce, accord) for accord in accords],
        "ecartes": [(cle_de(autre), autre) for autre in ecartes(annonce)] if gere else [],
        "gere": gere,
        "retour": "annonce",
    }


def ligne(annonce, accord, *, nouveau=False) -> dict:
    """One match as the template draws it."""
    return {
        "accord": accord,
        "autre": accord.annonce or accord.structure,
        "geste": "Proposer" if annonce.est_offre else "Demander",
        "lien": lien_repondre(accord),
        "nouveau": nouveau,
    }


def lien_repondre(accord) -> str:
    """Where one answers it; the answer says that it comes from a match."""
    if accord.structure:
        return reverse("annuaire:ecrire", args=[accord.structure.slug])
    return reverse("ressources:repondre", args=[accord.annonce.pk]) + "?origine=rapprochement"


def cle_de(autre) -> str:
    return f"{'a' if hasattr(autre, 'sens') else 's'}{autre.pk}"


def grouper(utilisateur) -> dict:
    """The matches of all the open announcements of a person's structures, in a constant number of queries."""
    annonces = list(annonces_suivies(utilisateur))
    referentes = set(structures_de(utilisateur, referent=True).values_list("structure_id", flat=True))
    trouves, dits = chercher_tous(annonces), deja_dits(annonces)
    groupes = []
    for annonce in annonces:
        accords = trouves[annonce.pk]
        lignes = [ligne(annonce, a, nouveau=dits.get((annonce.pk, a.cle)) is None) for a in accords]
        if lignes:
            gere = utilisateur.is_staff or annonce.structure_id in referentes
            groupes.append({"annonce": annonce, "lignes": lignes, "gere": gere})
    return {"groupes": groupes, "annonces": len(annonces), "retour": "page"}
