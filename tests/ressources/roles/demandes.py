"""Rows of the roles table: unmet demand, grouped."""

LIGNES = []
