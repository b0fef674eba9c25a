"""Rows of the search of offers and needs, its feed and the saved alerts."""

from tests.table_des_roles import ligne

LIGNES = [
    ligne("ressources:annonce_liste", "200", requete="?q=chaises&nature=materiel&du=2027-03-12&vue=liste"),
]
