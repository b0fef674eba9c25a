"""Extensions and the French text search configuration, before any table that uses them.

`public.sans_accent` is immutable because it names its dictionary and schema: an unqualified unaccent() fails
at index creation and at pg_restore.
"""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

FONCTION = """
CREATE FUNCTION public.sans_accent(texte text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, texte)) $$
"""
CONFIGURATION = """
CREATE TEXT SEARCH CONFIGURATION public.fr (COPY = pg_catalog.french);
ALTER TEXT SEARCH CONFIGURATION public.fr
    ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.french_stem;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(FONCTION, "DROP FUNCTION public.sans_accent(text)"),
        migrations.RunSQL(CONFIGURATION, "DROP TEXT SEARCH CONFIGURATION public.fr"),
    ]
