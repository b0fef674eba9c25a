"""What merging two sheets of one structure does to the letter: rules added to annuaire's."""

from annuaire.actions.fusion import deplacer, regle_de_fusion


def _une_fois(modele, champ, garder, absorber):
    """An issue names a structure once: the kept sheet's row stays."""
    deja = modele._base_manager.filter(structure=garder).values("numero")
    modele._base_manager.filter(structure=absorber, numero__in=deja).delete()
    modele._base_manager.filter(structure=absorber).update(structure=garder)


REGLES = {
    "breve.structure": deplacer,
    "element.structure": _une_fois,
    "dejadit.structure": _une_fois,
}


def declarer() -> None:
    for cle, fonction in REGLES.items():
        regle_de_fusion(f"newsletter.{cle}", fonction)
