"""A small world that the table-driven tests share: one person per role, one structure per state."""

from dataclasses import dataclass, field

from django.db import connection
from psycopg import sql

from annuaire.models import Structure
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory

ROLES = ["visiteur", "etranger", "membre", "referent", "animateur", "administrateur"]
"""Columns of the roles table, from the least right to the most."""

# Tables that a refused request may write to: counters of rate limits, sessions, allauth's shared cache.
HORS_COMPARAISON = {"socle_compteur", "socle_cache", "django_session"}


@dataclass
class Monde:
    """`roles`: role -> account or None; `structures`: state -> structure of the membre and the référent."""

    roles: dict = field(default_factory=dict)
    structures: dict = field(default_factory=dict)

    @property
    def structure(self):
        return self.structures["publiee"]


def construire() -> Monde:
    """Write the world to the database: 6 structures in their 6 states, all with the same people."""
    monde = Monde()
    monde.roles = {
        "visiteur": None,
        "etranger": RattachementFactory(role="referent", structure__nom="Une autre structure").utilisateur,
        "membre": UtilisateurFactory(nom="Membre"),
        "referent": UtilisateurFactory(nom="Référent"),
        "animateur": UtilisateurFactory(nom="Animateur", is_staff=True, groupes=["Animateurs"]),
        "administrateur": UtilisateurFactory(nom="Administrateur", is_staff=True, is_superuser=True),
    }
    for etat in Structure.Etat.values:
        structure = StructureFactory(
            nom=f"Structure {etat}", slug=f"structure-{etat.replace('_', '-')}", etat=etat, telephone="01 99 00 12 34"
        )
        for role in ["membre", "referent"]:
            RattachementFactory(structure=structure, utilisateur=monde.roles[role], role=role)
        # A second référent: acts that the last one may not do are not refused for that reason here.
        RattachementFactory(structure=structure, role="referent", utilisateur=UtilisateurFactory())
        monde.structures[etat] = structure
    return monde


def empreinte_de_la_base(tables=None) -> dict[str, str]:
    """Table -> hash of all its rows (of each table, or of those): equal before and after means nothing was written."""
    with connection.cursor() as cursor:
        if tables is None:
            tables = set(connection.introspection.table_names(cursor)) - HORS_COMPARAISON
        une = sql.SQL("SELECT {nom}, md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM {table} t")
        toutes = [une.format(nom=sql.Literal(table), table=sql.Identifier(table)) for table in sorted(tables)]
        cursor.execute(sql.SQL(" UNION ALL ").join(toutes))
        return dict(cursor.fetchall())


def ecritures() -> dict[str, int]:
    """Table -> rows written since the transaction began, undone ones included (PostgreSQL's own counters)."""
    return {table: compte for table, compte in toutes_les_ecritures().items() if table not in HORS_COMPARAISON}


def toutes_les_ecritures() -> dict[str, int]:
    """`ecritures()` of every table; asked of the functions: the view pg_stat_xact_user_tables costs five times more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM (SELECT relname, pg_stat_get_xact_tuples_inserted(oid)"
            " + pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid) AS compte"
            " FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace) t WHERE compte > 0"
        )
        return dict(cursor.fetchall())


def ecrites(avant: dict) -> set[str]:
    """The tables written to since `avant`, that `ecritures()` gave."""
    return {table for table, compte in ecritures().items() if compte != avant.get(table, 0)}
