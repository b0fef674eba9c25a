"""Rows of the public figures."""

from tests.table_des_roles import ligne

LIGNES = [
    ligne("ressources:chiffres", "200"),
    ligne("ressources:chiffres", "200", etat="filtrée", requete="?periode=2026&nature=local&commune=Vichy"),
]
