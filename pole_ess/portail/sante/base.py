"""The database, its migrations, the queue and its worker."""

from datetime import timedelta
from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from pole_ess.socle import file_attente

from .mots import accorder

MUETTE = (
    "La base de données ne répond pas : aucune page ne s'affiche.",
    "Prévenez la personne qui tient le serveur : PostgreSQL est arrêté ou injoignable. Rien n'est à refaire ensuite : "
    "le portail revient de lui-même.",
)
ILLISIBLE = (
    "La base de données refuse de répondre à cette question.",
    "Prévenez la personne qui tient le serveur : le journal dit pourquoi. Souvent, une mise à jour est à finir.",
)
ATTENTE_MAX = {"courriel": timedelta(minutes=5), "lettre": timedelta(minutes=10)}
ATTENTE_MAX_AILLEURS = timedelta(minutes=15)
"""How long a job may wait for a free worker before somebody should look."""
NOMS = {
    "courriel": "des e-mails",
    "lettre": "de la lettre",
    "entretien": "de l'entretien",
    "papier": "des livrets",
    "default": "des tâches",
}


def repond():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "bon", "Elle répond."


@cache
def _attendues() -> frozenset:
    """(app, name) of the last migration of each app: of this code, so read once."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


def a_jour():
    faites = set(MigrationRecorder(connection).migration_qs.values_list("app", "name"))
    if not (manquent := len(_attendues() - faites)):
        return "bon", "Elle correspond à la version du portail."
    return (
        "panne",
        f"{accorder(manquent, 'application attend', 'applications attendent')} une mise à jour de la base.",
        None,
        "Prévenez la personne qui tient le serveur : « manage.py migrate » n'a pas été fait après la dernière version.",
    )


def ouvrier():
    vivants, dernier_signe = file_attente.ouvriers()
    if vivants:
        return "bon", f"{accorder(vivants, 'agent', 'agents')} au travail."
    return (
        "panne",
        "Plus aucun agent ne travaille : ni e-mail, ni rappel, ni lettre ne part. Les pages marchent.",
        dernier_signe,
        "Prévenez la personne qui tient le serveur : « systemctl restart pole-ess-worker ». Rien n'est perdu : ce qui "
        "attend partira ensuite, une seule fois.",
    )


def files():
    maintenant = timezone.now()
    files = file_attente.etat_des_files()
    lentes = [f for f in files if f.depuis and maintenant - f.depuis > ATTENTE_MAX.get(f.nom, ATTENTE_MAX_AILLEURS)]
    if not lentes:
        en_tout = sum(f.travaux for f in files)
        return "bon", f"{accorder(en_tout, 'travail attend', 'travaux attendent')} son tour." if en_tout else "Vide."
    quelles = ", ".join(f"celle {NOMS.get(f.nom, f.nom)} ({f.travaux})" for f in lentes)
    return (
        "panne",
        f"Des travaux attendent depuis trop longtemps dans la file : {quelles}.",
        min(f.depuis for f in lentes),
        "Si les tâches de fond sont en panne, c'est la cause. Sinon un travail très long occupe l'agent : attendez une "
        "heure, puis prévenez la personne qui tient le serveur.",
    )
