"""Rows of the roles table: accounts of hours."""

LIGNES = []
