"""Rows of the roles table: volunteers: missions, shifts, who offers skills and days."""

LIGNES = []
