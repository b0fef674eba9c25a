"""Rows of the roles table for /rencontres/, one module per notion: six roles × GET and POST × states."""

from . import (
    actions,
    agenda,
    atelier,
    comptes_rendus,
    diagnostic,
    invitations,
    presences,
    resultats,
    reunions,
    sondages,
)

MODULES = [
    reunions,
    agenda,
    sondages,
    invitations,
    presences,
    atelier,
    resultats,
    diagnostic,
    comptes_rendus,
    actions,
]
LIGNES = [ligne for module in MODULES for ligne in module.LIGNES]
