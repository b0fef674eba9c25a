"""Rows of the roles table for the outer layer, one module per notion."""

from . import accueil, aide, observatoire, ouvertes, pages, papier, plans, recherche, sante

LIGNES = [
    *accueil.LIGNES,
    *pages.LIGNES,
    *sante.LIGNES,
    *plans.LIGNES,
    *recherche.LIGNES,
    *observatoire.LIGNES,
    *ouvertes.LIGNES,
    *aide.LIGNES,
    *papier.LIGNES,
]
