"""The table of the shared cache (settings.CACHES): counters that every process sees."""

from django.core.management import call_command
from django.db import migrations


def creer(apps, schema_editor):
    call_command("createcachetable", "socle_cache", database=schema_editor.connection.alias, verbosity=0)


def supprimer(apps, schema_editor):
    schema_editor.execute("DROP TABLE IF EXISTS socle_cache")


class Migration(migrations.Migration):
    dependencies = [("socle", "0002_courriel_et_limites")]
    operations = [migrations.RunPython(creer, supprimer)]
