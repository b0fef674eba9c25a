"""What the portal needs of PostgreSQL. Only with `check --deploy --database default`: the others run without one."""

from django.core.checks import Error, Info, Tags, Warning, register
from django.db import DatabaseError, connections
from django.db.migrations.loader import MigrationLoader

from pole_ess.socle import file_attente

VERSION_MIN = 150000
EXTENSIONS = {"unaccent", "pg_trgm", "btree_gist"}


@register(Tags.database, deploy=True)
def database_is_ready(app_configs, databases=None, **kwargs):
    """Version, encoding, extensions, migrations."""
    messages = []
    for alias in databases or ():
        try:
            messages += _examiner(connections[alias])
        except DatabaseError as erreur:
            messages.append(
                Error(
                    f"The database « {alias} » does not answer: {str(erreur).splitlines()[0]}",
                    hint="Is PostgreSQL running, and DATABASE_URL right?",
                    id="pole_ess.E020",
                )
            )
    return messages


def _examiner(connexion):
    with connexion.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, current_setting('server_version'),"
            " (SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database())"
        )
        numero, version, encodage = cursor.fetchone()
        cursor.execute("SELECT extname FROM pg_extension")
        manquent = EXTENSIONS - {nom for (nom,) in cursor.fetchall()}
    if numero < VERSION_MIN:
        yield Error(
            f"PostgreSQL {version} is too old.", hint="The portal needs PostgreSQL 15 or later.", id="pole_ess.E021"
        )
    if encodage != "UTF8":
        yield Error(
            f"The database is in {encodage}: accents would be lost.",
            hint="createdb -T template0 -E UTF8.",
            id="pole_ess.E022",
        )
    chargeur = MigrationLoader(connexion)
    attendues = [noeud for noeud in chargeur.graph.leaf_nodes() if noeud not in chargeur.applied_migrations]
    if attendues:
        yield Warning(
            f"Migrations to apply: {', '.join(app for app, _ in sorted(attendues))}.",
            hint="manage.py migrate",
            id="pole_ess.W020",
        )
    elif manquent:
        yield Error(
            f"Extensions of PostgreSQL missing: {', '.join(sorted(manquent))}.",
            hint="CREATE EXTENSION each, as the owner of the database.",
            id="pole_ess.E023",
        )


@register(Tags.database, deploy=True)
def queue_is_ready(app_configs, databases=None, **kwargs):
    """Mails and the letter leave by a worker: somebody must have seen one."""
    if "default" not in (databases or ()):
        return []
    try:
        vivants, dernier = file_attente.ouvriers()
    except DatabaseError:
        return []  # said by the migrations' check
    if vivants:
        return []
    depuis = f", the last sign of life is of {dernier:%Y-%m-%d %H:%M} UTC" if dernier else ""
    return [
        Info(
            f"No worker is alive{depuis}: no mail leaves.",
            hint="systemctl start pole-ess-worker",
            id="pole_ess.I020",
        )
    ]
