from tests.table_des_roles import ligne

LIGNES = [
    ligne("sante", "200"),
]
