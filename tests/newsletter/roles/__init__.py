"""Rows of the roles table for /lettre/, one module per notion: six roles × GET and POST × states."""

from . import abonnements, archive, breves, redaction

LIGNES = [
    *abonnements.LIGNES,
    *archive.LIGNES,
    *breves.LIGNES,
    *redaction.LIGNES,
]
