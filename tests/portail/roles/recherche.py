from tests.table_des_roles import ligne

LIGNES = [ligne("recherche", "200", requete="?q=structure&dans=rencontres&page=2")]
