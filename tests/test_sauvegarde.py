"""What docs/deployment.md tells a hub to do, done: pg_dump -Fc, pg_restore elsewhere, and everything is there."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict

from annuaire.models import Structure
from annuaire.recherche import chercher
from pole_ess.embedded_db import Cluster
from tests import monde
from tests.annuaire.test_effacement import monde as une_ligne_de_chaque_modele  # noqa: F401 - a fixture

pytestmark = [pytest.mark.lent, pytest.mark.django_db(transaction=True)]

# Everything that a restore could lose beside the rows, as PostgreSQL itself writes it down.
SCHEMA = {
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
    "constraints": "SELECT conrelid::regclass::text, pg_get_constraintdef(oid), convalidated FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
    "triggers": "SELECT pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
    "functions": "SELECT pg_get_functiondef(p.oid) FROM pg_proc p WHERE pronamespace = 'public'::regnamespace"
    " AND prokind = 'f' AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e') ORDER BY 1",
    "columns": "SELECT table_name, column_name, data_type, collation_name, is_nullable, is_generated,"
    " generation_expression, column_default FROM information_schema.columns WHERE table_schema = 'public'"
    " ORDER BY 1, 2",
    "options": "SELECT relname, reloptions FROM pg_class WHERE reloptions IS NOT NULL"
    " AND relnamespace = 'public'::regnamespace ORDER BY 1",
    "text search": "SELECT cfgname, maptokentype, mapseqno, mapdict::regdictionary::text FROM pg_ts_config_map"
    " JOIN pg_ts_config c ON c.oid = mapcfg WHERE cfgnamespace = 'public'::regnamespace ORDER BY 1, 2, 3",
    "extensions": "SELECT extname, extversion FROM pg_extension ORDER BY 1",
    "sequences": "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1",
}


TRANSTYPAGES = re.compile(r"::(character varying|text)(\[\])?|[()]")
"""PostgreSQL writes « IN (…) » back with its casts and parentheses elsewhere; the condition is the same."""


def programme(nom: str) -> str:
    """The one of the server's own version: the embedded wheel's, else the machine's."""
    if settings.EMBEDDED_DB_HOME:
        return str(Cluster(settings.EMBEDDED_DB_HOME).bin_dir / nom)
    return shutil.which(nom) or pytest.fail(f"{nom} is missing")


def lancer(*commande: str) -> None:
    fait = subprocess.run(commande, capture_output=True, text=True, timeout=120, check=False)
    assert (fait.returncode, fait.stderr) == (0, "")


def schema() -> dict[str, list]:
    with connection.cursor() as cursor:
        vu = {}
        for quoi, requete in SCHEMA.items():
            cursor.execute(requete)
            vu[quoi] = sorted(TRANSTYPAGES.sub("", str(ligne)) for ligne in cursor.fetchall())
        return vu


@pytest.fixture
def restauree(une_ligne_de_chaque_modele, tmp_path):  # noqa: F811 - the fixture
    """`restauree()`: from then on, `connection` speaks to a fresh database restored from a dump of this one."""
    parametres = {c: v for c, v in connection.get_connection_params().items() if c in ("host", "port", "user")}
    options = [f"--{nom}={valeur}" for nom, valeur in {"username": parametres.pop("user", ""), **parametres}.items()]
    options = [option for option in options if not option.endswith("=")]
    origine, copie = connection.settings_dict["NAME"], f"sauvegarde_{os.getpid()}"
    sauvegarde = Path(tmp_path, "pole.dump")

    def _restaurer():
        lancer(programme("pg_dump"), *options, "-Fc", f"--file={sauvegarde}", origine)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{copie}" TEMPLATE template0')
        connection.close()
        lancer(programme("pg_restore"), *options, "--exit-on-error", f"--dbname={copie}", str(sauvegarde))
        connection.settings_dict["NAME"] = copie

    yield _restaurer
    connection.close()
    connection.settings_dict["NAME"] = origine
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{copie}" WITH (FORCE)')


def test_every_row_and_every_object_come_back(restauree, monkeypatch):
    monkeypatch.setattr(monde, "HORS_COMPARAISON", set())
    lignes, objets = monde.empreinte_de_la_base(), schema()
    vides = {table for table, empreinte in lignes.items() if empreinte is None}
    assert {modele._meta.db_table for modele in (Structure, Structure.activites.through)}.isdisjoint(vides)
    restauree()
    assert monde.empreinte_de_la_base() == lignes
    assert schema() == objets
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE indisvalid AND indisready) FROM pg_index")
        toutes, valides = cursor.fetchone()
        assert toutes == valides > len(objets["indexes"])
        cursor.execute("SELECT count(*) FROM annuaire_structure WHERE recherche_vecteur IS NULL")
        assert cursor.fetchone() == (0,)


def test_search_and_its_triggers_work_in_the_restored_database(restauree):
    restauree()
    assert [s.nom for s in chercher(QueryDict("q=amis sauges")).queryset] == ["Les Amis de la Sauge"]
    assert [s.nom for s in chercher(QueryDict("q=saugge")).queryset] == ["Les Amis de la Sauge"]
    call_command("reindexer", verifier=True)
    Structure.objects.filter(nom="Les Amis de la Sauge").update(nom="Les Amis du Tilleul")
    assert chercher(QueryDict("q=tilleuls")).total == 1
    with pytest.raises(psycopg.errors.Error), connection.cursor() as cursor:
        cursor.cursor.execute("UPDATE annuaire_structure SET latitude = 95")
