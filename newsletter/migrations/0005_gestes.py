"""What readers do from a letter, counted without naming anybody."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsletter", "0004_ouvrier"),
    ]

    operations = [
        migrations.CreateModel(
            name="Geste",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "genre",
                    models.CharField(
                        choices=[
                            ("aide", "réponses à un besoin"),
                            ("interet", "réponses à une offre"),
                            ("presence", "inscriptions à une rencontre"),
                            ("pourvu", "annonces dites pourvues"),
                            ("exact", "annonces et fiches dites exactes"),
                        ],
                        max_length=8,
                    ),
                ),
                ("empreinte", models.CharField(max_length=64)),
                ("le", models.DateTimeField(auto_now_add=True)),
                (
                    "numero",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="gestes", to="newsletter.numero"
                    ),
                ),
            ],
            options={
                "verbose_name": "geste depuis la lettre",
                "verbose_name_plural": "gestes depuis la lettre",
                "ordering": ["-le", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("numero", "genre", "empreinte"), name="geste_compte_une_fois"),
                    models.CheckConstraint(
                        condition=models.Q(("genre__in", ["aide", "interet", "presence", "pourvu", "exact"])),
                        name="geste_genre_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("empreinte__regex", "^[0-9a-f]{64}$")), name="geste_empreinte"
                    ),
                ],
            },
        ),
    ]
