"""Which sessions hold rows, in a table that a crash of the server empties."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("newsletter", "0003_envoi_pris_le")]
    operations = [migrations.RunSQL((SQL / "ouvrier.sql").read_text(), "DROP TABLE public.newsletter_ouvrier")]
