"""One table for what has no search column of its own, and the words of what is public in it."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

import annuaire.models.commune


class Migration(migrations.Migration):
    initial = True

    dependencies = [("annuaire", "0007_index_facettes")]

    operations = [
        migrations.CreateModel(
            name="EntreeRecherche",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "genre",
                    models.CharField(
                        choices=[
                            ("rencontre", "rencontre"),
                            ("evenement", "événement"),
                            ("compte_rendu", "compte rendu"),
                            ("lettre", "lettre"),
                            ("breve", "brève"),
                            ("action", "action"),
                            ("projet", "projet ou commission"),
                        ],
                        max_length=12,
                    ),
                ),
                ("objet", models.BigIntegerField(help_text="Key of the object in the table of its kind.")),
                ("titre", models.TextField(blank=True)),
                ("texte", models.TextField(blank=True)),
                ("publique", models.BooleanField(default=False)),
                ("quand", models.DateTimeField(blank=True, null=True)),
                (
                    "recherche_vecteur",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.CombinedSearchVector(
                            django.contrib.postgres.search.SearchVector(
                                annuaire.models.commune.Singulier("titre"), config="public.fr", weight="A"
                            ),
                            "||",
                            django.contrib.postgres.search.SearchVector(
                                annuaire.models.commune.Singulier("texte"), config="public.fr", weight="B"
                            ),
                            django.contrib.postgres.search.SearchConfig("public.fr"),
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
            ],
            options={
                "verbose_name": "entrée de la recherche",
                "verbose_name_plural": "entrées de la recherche",
                "ordering": ["genre", "objet"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["recherche_vecteur"], name="entree_vecteur")
                ],
                "constraints": [models.UniqueConstraint(fields=("genre", "objet"), name="entree_une_par_objet")],
            },
        ),
        migrations.CreateModel(
            name="MotPortail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mot", models.TextField(db_collation="C")),
            ],
            options={
                "verbose_name": "mot du portail",
                "verbose_name_plural": "mots du portail",
                "ordering": ["mot", "pk"],
                "indexes": [
                    models.Index(fields=["mot"], name="mot_portail_exact"),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("mot", name="gin_trgm_ops"), name="mot_portail_trgm"
                    ),
                ],
            },
        ),
    ]
