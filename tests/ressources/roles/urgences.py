"""Rows of the roles table: urgent help, in waves."""

LIGNES = []
