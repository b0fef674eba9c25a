"""What constraints cannot say of notes: the category's own axis, the quota, the participant's own workshop."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("reunions", "0001_initial")]
    operations = [
        migrations.RunSQL((SQL / "postit.sql").read_text(), (SQL / "postit_defaire.sql").read_text()),
    ]
