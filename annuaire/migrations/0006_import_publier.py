from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether the sheets that an import creates are published at once."""

    dependencies = [("annuaire", "0005_declencheurs_recherche")]

    operations = [
        migrations.AddField(
            model_name="importstructures",
            name="publier",
            field=models.BooleanField(default=True, verbose_name="publier tout de suite les nouvelles fiches"),
        ),
    ]
