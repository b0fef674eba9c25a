"""Facets of the whole directory from an index in the table's order; long texts out of the way of its rows."""

from django.db import migrations, models

COURTES = ["nom", "sigle", "slug", "tri", "forme_juridique", "commune_id", "activites_index", "competences_index"]


class Migration(migrations.Migration):
    dependencies = [
        ("annuaire", "0006_import_publier"),
    ]

    operations = [
        # A row too long for a third of a page gives up its texts, never the short columns that broad searches
        # read on many rows: facets, place, name.
        migrations.RunSQL(
            "ALTER TABLE public.annuaire_structure SET (toast_tuple_target = 256)",
            "ALTER TABLE public.annuaire_structure RESET (toast_tuple_target)",
        ),
        *[
            migrations.RunSQL(
                f"ALTER TABLE public.annuaire_structure ALTER COLUMN {colonne} SET STORAGE MAIN",
                f"ALTER TABLE public.annuaire_structure ALTER COLUMN {colonne} SET STORAGE EXTENDED",
            )
            for colonne in COURTES
        ],
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
