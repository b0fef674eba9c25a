"""Rows of the roles table for /offres-et-besoins/, one module per notion: six roles × GET and POST × states."""

from . import (
    annonces,
    benevolat,
    bilans,
    calendriers,
    demandes,
    heures,
    lots,
    mises_en_commun,
    rapprochements,
    recherche,
    relations,
    reservations,
    statistiques,
    urgences,
    vie,
)

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
    *mises_en_commun.LIGNES,
    *benevolat.LIGNES,
    *urgences.LIGNES,
    *heures.LIGNES,
    *bilans.LIGNES,
    *demandes.LIGNES,
]
