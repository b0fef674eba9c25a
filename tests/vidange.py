"""What a test that commits leaves behind, taken away by DELETE of the few tables that hold a row.

Django's own flush truncates each of its tables, hence makes some 900 files anew, then writes the permissions again:
half a second. After it every table is empty, but those that `post_migrate` fills; the same is true here, and where it
would not be (that content changed, or a table grew) Django's flush does the work.
"""

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase
from psycopg import sql

from tests.bases import RESERVE
from tests.monde import empreinte_de_la_base

__all__ = ["_vidange"]

TAILLE_MAXIMUM = 1 << 20
"""Bytes of a table, dead rows included: beyond, TRUNCATE is the cheaper one, and gives the disk back."""
FILE = ["procrastinate_events", "procrastinate_jobs", "procrastinate_periodic_defers", "procrastinate_workers"]
"""procrastinate's tables are unmanaged: Django's flush forgets them."""


@pytest.fixture(autouse=True, scope="session")
def _vidange():
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", _Vidange(TransactionTestCase._fixture_teardown).methode())
    yield
    patch.undo()


class _Vidange:
    def __init__(self, flush):
        self.flush = flush
        self.semees = {}  # name of a database -> what post_migrate writes there: table -> hash of its rows
        self.tables = []

    def methode(self):
        return lambda test: self.vider(test)

    def vider(self, test) -> None:
        if test._databases_names(include_mirrors=False) != ["default"] or test.available_apps is not None:
            self.flush(test)
            return
        self.tables = self.tables or connection.introspection.django_table_names(include_views=False)
        if RESERVE.jetee:
            _attendre(self.tables)
            return
        nom = connection.settings_dict["NAME"]
        if nom in self.semees and self._effacer(self.semees[nom]):
            return
        self.flush(test)
        if _peut_effacer():
            self.semees[nom] = empreinte_de_la_base(_garnies(self.tables))

    def _effacer(self, semees) -> bool:
        with transaction.atomic():
            _attendre(self.tables)
            if _a_grossi(self.tables) or empreinte_de_la_base(semees) != semees:
                return False
            effacer(_garnies(set(self.tables) - set(semees)))
        return True


def vider_la_file() -> None:
    if _peut_effacer():
        with transaction.atomic():
            _attendre(FILE)
            effacer(_garnies(FILE))
    else:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(FILE)}")


def effacer(tables) -> None:
    """All the rows, without a trigger nor a foreign key's check."""
    if tables:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(sql.SQL(";").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(t)) for t in tables))
            cursor.execute("SET LOCAL session_replication_role = origin")


def _peut_effacer() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        return cursor.fetchone() == ("on",)


def _attendre(tables) -> None:
    """As TRUNCATE does: who still writes in a thread ends first."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.SQL(",").join(map(sql.Identifier, tables)))
        )


def _garnies(tables) -> list[str]:
    """Those that hold a row."""
    une = sql.SQL("SELECT {nom} WHERE EXISTS (SELECT 1 FROM {table})")
    toutes = [une.format(nom=sql.Literal(table), table=sql.Identifier(table)) for table in sorted(tables)]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(toutes))
        return [table for (table,) in cursor.fetchall()]


def _a_grossi(tables) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_class WHERE relname = ANY(%s)"
            " AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > %s)",
            [list(tables), TAILLE_MAXIMUM],
        )
        return cursor.fetchone()[0]
