from tests.table_des_roles import ligne

LIGNES = [
    ligne("robots", "200"),
    ligne("plan_du_site", "200", "200"),  # Django's own view answers a POST as a GET
    ligne("plan_partiel", "200", "200", arguments=lambda m: {"section": "structures"}),
]
