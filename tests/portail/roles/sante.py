from django.db import connection

from tests.table_des_roles import ligne


def _avec_ouvrier(monde):
    """A worker beats: without one the portal as a whole is not ready (tests/portail/test_sante.py)."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    return {}


LIGNES = [
    ligne("sante", "200"),
    ligne("sante_prete", "200", arguments=_avec_ouvrier),
    ligne("sante_prete", "200", etat="points choisis", requete="?points=base,migrations"),
    ligne("sante_prete", "400", etat="point inconnu", requete="?points=base,autre"),
    ligne("metriques", "404"),
]
