"""What search needs: free on a day, and indexes that hold all its facets read."""

from pathlib import Path

from django.db import migrations, models
from django.db.models import Q

SQL = Path(__file__).parent / "sql"
PUBLIEES = Q(etat="publiee", structure_publiee=True)


class Migration(migrations.Migration):
    dependencies = [("ressources", "0003_structure_d_un_import")]
    operations = [
        migrations.RunSQL(
            (SQL / "jour_libre.sql").read_text(), "DROP FUNCTION public.ressources_jour_libre(bigint, date, date)"
        ),
        migrations.RemoveIndex("annonce", "annonce_point"),
        migrations.RemoveIndex("annonce", "annonce_facettes"),
        migrations.AddIndex(
            "annonce",
            models.Index(
                fields=["latitude", "longitude"],
                include=[
                    "id", "sens", "nature", "mode", "categorie", "expire_le", "publiee_le", "quantite",
                    "quantite_prise", "prix", "urgente_pour",
                ],
                condition=PUBLIEES,
                name="annonce_point",
            ),
        ),
        migrations.AddIndex(
            "annonce",
            models.Index(
                fields=["nature", "sens", "-publiee_le"],
                include=[
                    "id", "mode", "categorie", "expire_le", "quantite", "quantite_prise", "prix", "urgente_pour",
                ],
                condition=PUBLIEES,
                name="annonce_facettes",
            ),
        ),
    ]  # fmt: skip
