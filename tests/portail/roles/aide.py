"""Rows of the help: anyone; the guide and its pictures, the staff."""

from tests.table_des_roles import ligne

EQUIPE = "login 403 403 403 200 200"

LIGNES = [
    ligne("aide", "200"),
    ligne("aide_page", "200", arguments=lambda m: {"slug": "trouver"}),
    ligne("aide_page", "404", "405", etat="inconnue", arguments=lambda m: {"slug": "perdue"}),
    ligne("aide_equipe", EQUIPE),
    ligne("aide_image", EQUIPE, arguments=lambda m: {"nom": "accueil-equipe.webp"}),
]
