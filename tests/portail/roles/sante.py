from tests.table_des_roles import ligne

LIGNES = [
    ligne("sante", "200"),
    # No worker beats in the tests: the portal as a whole is not ready, whoever asks.
    ligne("sante_prete", "503"),
    ligne("sante_prete", "200", etat="points choisis", requete="?points=base,migrations"),
    ligne("sante_prete", "400", etat="point inconnu", requete="?points=base,autre"),
    ligne("metriques", "404"),
]
