"""Indexes for the search of possible duplicates: name by trigrams, e-mail address, telephone."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annuaire", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="structure",
            index=models.Index(
                django.db.models.functions.text.Lower("courriel"),
                condition=models.Q(("courriel", ""), _negated=True),
                name="structure_courriel",
            ),
        ),
        migrations.AddIndex(
            model_name="structure",
            index=models.Index(
                condition=models.Q(("telephone", ""), _negated=True), fields=["telephone"], name="structure_telephone"
            ),
        ),
        migrations.AddIndex(
            model_name="structure",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(models.F("tri"), name="gin_trgm_ops"), name="structure_nom_trgm"
            ),
        ),
    ]
