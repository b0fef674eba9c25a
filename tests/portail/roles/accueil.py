from tests.table_des_roles import ligne

LIGNES = [
    ligne("accueil", "200"),
]
