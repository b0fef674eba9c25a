"""Keys of import sources that merged structures had: importing them again finds the kept one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annuaire", "0002_index_doublons"),
    ]

    operations = [
        migrations.CreateModel(
            name="AncienneCle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=40)),
                ("cle", models.CharField(max_length=120, verbose_name="clé dans la source")),
                (
                    "structure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="anciennes_cles",
                        to="annuaire.structure",
                    ),
                ),
            ],
            options={
                "verbose_name": "ancienne clé d'import",
                "verbose_name_plural": "anciennes clés d'import",
                "constraints": [models.UniqueConstraint(fields=("source", "cle"), name="ancienne_cle_unique")],
            },
        ),
    ]
