"""Rows of the directory on paper: anyone. A POST writes only for a booklet that the worker must make."""

from tests.table_des_roles import ligne

LIGNES = [
    ligne("annuaire_papier", "200", "302"),
    ligne("annuaire_papier", "200", "302", etat="commune", requete="?format=gros&commune=03310"),
    ligne("annuaire_papier_fichier", "200", requete="?format=a5"),
]
