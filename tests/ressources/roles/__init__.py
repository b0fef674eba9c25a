"""Rows of the roles table for /offres-et-besoins/, one module per notion: six roles × GET and POST × states."""

from . import annonces, calendriers, lots, rapprochements, recherche, relations, reservations, statistiques, vie

LIGNES = [
    *annonces.LIGNES,
    *vie.LIGNES,
    *recherche.LIGNES,
    *relations.LIGNES,
    *rapprochements.LIGNES,
    *reservations.LIGNES,
    *calendriers.LIGNES,
    *lots.LIGNES,
    *statistiques.LIGNES,
]
