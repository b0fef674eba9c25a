"""Facets of the whole directory from an index in the table's order; long texts out of the way of its rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annuaire", "0005_declencheurs_recherche"),
    ]

    operations = [
        # A row that is long enough to be cut keeps its short columns only: broad searches read many rows.
        migrations.RunSQL(
            "ALTER TABLE public.annuaire_structure SET (toast_tuple_target = 256)",
            "ALTER TABLE public.annuaire_structure RESET (toast_tuple_target)",
        ),
        migrations.AddIndex(
            model_name="structure",
            index=models.Index(
                condition=models.Q(("etat", "publiee")),
                fields=["id"],
                include=("latitude", "commune", "forme_juridique", "activites_index", "competences_index"),
                name="structure_facettes",
            ),
        ),
        migrations.AddIndex(
            model_name="structure",
            index=models.Index(
                condition=models.Q(("etat", "publiee")), fields=["-publiee_le", "-id"], name="structure_nouvelles"
            ),
        ),
    ]
