from tests.table_des_roles import ligne

LIGNES = [
    ligne("mentions_legales", "200"),
    ligne("donnees_personnelles", "200"),
    ligne("registre_traitements", "200"),
    ligne("accessibilite", "200"),
    ligne("habillage", "200"),
]
