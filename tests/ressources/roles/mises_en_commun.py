"""Rows of the roles table: shared purchases and shared posts."""

LIGNES = []
