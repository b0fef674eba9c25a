"""Facets without joins, words for corrections, plurals that the stemmer leaves."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

from annuaire.models.commune import Singulier

# The French stemmer keeps the s after a, i, o, u (amis, vélos) and the x of jeux: folded before it reads.
SINGULIER = r"""
CREATE FUNCTION public.annuaire_singulier(texte text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$
    SELECT pg_catalog.regexp_replace(
        pg_catalog.regexp_replace(public.sans_accent(texte), '([[:alpha:]]{2}[aiou])s\M', '\1', 'g'),
        '\m((?:en)?jeu|(?:mi)?lieu|feu|voeu)x\M', '\1', 'g'
    )
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annuaire", "0003_ancienne_cle"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mot", models.TextField(db_collation="C")),
            ],
            options={
                "verbose_name": "mot de l'annuaire",
                "verbose_name_plural": "mots de l'annuaire",
                "ordering": ["mot", "pk"],
            },
        ),
        migrations.RemoveIndex(
            model_name="structure",
            name="structure_trgm",
        ),
        migrations.AddField(
            model_name="structure",
            name="activites_index",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(),
                default=list,
                editable=False,
                help_text="Ids of its activities and of their parents, sorted: facets are counted without a join.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="structure",
            name="competences_index",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(), default=list, editable=False, size=None
            ),
        ),
        # A generated column cannot be altered: dropped and made again, with the plurals folded.
        migrations.RunSQL(SINGULIER, "DROP FUNCTION public.annuaire_singulier(text)"),
        migrations.RemoveIndex(model_name="structure", name="structure_vecteur"),
        migrations.RemoveField(model_name="structure", name="recherche_vecteur"),
        migrations.AddField(
            model_name="structure",
            name="recherche_vecteur",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.CombinedSearchVector(
                    django.contrib.postgres.search.SearchVector(
                        Singulier("nom"), Singulier("sigle"), config="public.fr", weight="A"
                    ),
                    "||",
                    django.contrib.postgres.search.SearchVector(Singulier("recherche"), config="public.fr", weight="B"),
                    django.contrib.postgres.search.SearchConfig("public.fr"),
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="structure",
            index=django.contrib.postgres.indexes.GinIndex(fields=["recherche_vecteur"], name="structure_vecteur"),
        ),
        migrations.AddIndex(
            model_name="structure",
            index=models.Index(
                condition=models.Q(("etat", "publiee")),
                fields=["latitude", "longitude"],
                include=("id", "commune", "forme_juridique", "activites_index", "competences_index"),
                name="structure_point_facettes",
            ),
        ),
        migrations.AddIndex(
            model_name="mot",
            index=models.Index(fields=["mot"], name="mot_exact"),
        ),
        migrations.AddIndex(
            model_name="mot",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("mot", name="gin_trgm_ops"), name="mot_trgm"
            ),
        ),
    ]
