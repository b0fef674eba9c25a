"""Free on a day: the same answer ten times sooner (docs/bench.md)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"
AVANT = (SQL / "jour_libre.sql").read_text().replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("ressources", "0006_calendrier_modifie_le")]
    operations = [migrations.RunSQL((SQL / "jour_libre_rapide.sql").read_text(), AVANT)]
