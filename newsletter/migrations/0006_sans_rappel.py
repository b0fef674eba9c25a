"""Who asked for no more reminder before a letter."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("newsletter", "0005_gestes"),
    ]

    operations = [
        migrations.CreateModel(
            name="SansRappel",
            fields=[
                (
                    "utilisateur",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="sans_rappel_de_breve",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("le", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "référent sans rappel",
                "verbose_name_plural": "référents sans rappel",
                "ordering": ["le", "pk"],
            },
        ),
    ]
