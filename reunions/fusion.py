"""What merging two sheets of one structure does to its meetings, notes and actions: rules added to annuaire's."""

from annuaire.actions.fusion import deplacer, regle_de_fusion


def _une_fois(autre: str):
    """For a table that is unique on (`autre`, structure): a row that the kept sheet has already goes."""

    def regle(modele, champ, garder, absorber):
        deja = modele._base_manager.filter(structure=garder).values(autre)
        modele._base_manager.filter(structure=absorber, **{f"{autre}__in": deja}).delete()
        modele._base_manager.filter(structure=absorber).update(structure=garder)

    return regle


def _evenements(modele, champ, garder, absorber):
    """An event imported from the same calendar by both: the kept sheet's stays."""
    deja = modele._base_manager.filter(structure=garder).exclude(source_uid="").values("source_uid")
    modele._base_manager.filter(structure=absorber, source_uid__in=deja).delete()
    modele._base_manager.filter(structure=absorber).update(structure=garder)


REGLES = {
    "reunion.structure_hote": deplacer,
    "representation.structure": _une_fois("participation"),
    "participant.structure": deplacer,
    "postit.structure": deplacer,
    "projet.pilote": deplacer,
    "membreprojet.structure": _une_fois("projet"),
    "action.pilote": deplacer,
    "actionstructure.structure": _une_fois("action"),
    "nouvelle.structure": deplacer,
    "evenement.structure": _evenements,
    "reponsesondage.structure": deplacer,
}


def declarer() -> None:
    for cle, fonction in REGLES.items():
        regle_de_fusion(f"reunions.{cle}", fonction)
