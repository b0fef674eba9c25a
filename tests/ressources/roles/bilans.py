"""Rows of the roles table: what a structure did in a year."""

LIGNES = []
