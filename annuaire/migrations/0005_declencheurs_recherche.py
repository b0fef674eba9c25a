"""Triggers that keep the search columns and the words in step, and a first pass over what is there."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"

DEFAIRE = """
DROP TRIGGER mots_ajout ON public.annuaire_structure;
DROP TRIGGER mots_change ON public.annuaire_structure;
DROP TRIGGER mots_retrait ON public.annuaire_structure;
DROP FUNCTION public.annuaire_mots_suivre();
DROP FUNCTION public.annuaire_mots_retirer(text[]);
DROP FUNCTION public.annuaire_mots_ajouter(text[]);
DROP FUNCTION public.annuaire_mots(text);
DROP TRIGGER recherche_indexer ON public.annuaire_structure;
DROP TRIGGER recherche_renommee ON public.annuaire_activite;
DROP TRIGGER recherche_renommee ON public.annuaire_competence;
DROP TRIGGER recherche_renommee ON public.annuaire_label;
DROP TRIGGER recherche_renommee ON public.annuaire_commune;
DROP TRIGGER recherche_ajout ON public.annuaire_structure_activites;
DROP TRIGGER recherche_change ON public.annuaire_structure_activites;
DROP TRIGGER recherche_retrait ON public.annuaire_structure_activites;
DROP TRIGGER recherche_ajout ON public.annuaire_structure_competences;
DROP TRIGGER recherche_change ON public.annuaire_structure_competences;
DROP TRIGGER recherche_retrait ON public.annuaire_structure_competences;
DROP TRIGGER recherche_ajout ON public.annuaire_labelstructure;
DROP TRIGGER recherche_change ON public.annuaire_labelstructure;
DROP TRIGGER recherche_retrait ON public.annuaire_labelstructure;
DROP FUNCTION public.annuaire_commune_renommee();
DROP FUNCTION public.annuaire_label_renomme();
DROP FUNCTION public.annuaire_competence_renommee();
DROP FUNCTION public.annuaire_activite_renommee();
DROP FUNCTION public.annuaire_liens_indexer();
DROP FUNCTION public.annuaire_structure_indexer();
DROP FUNCTION public.annuaire_contenu_recherche(public.annuaire_structure);
DROP FUNCTION public.annuaire_forme_nom(text);
"""


class Migration(migrations.Migration):
    dependencies = [("annuaire", "0004_index_recherche")]
    operations = [
        migrations.RunSQL((SQL / "recherche.sql").read_text(), DEFAIRE),
        migrations.RunSQL((SQL / "mots.sql").read_text(), migrations.RunSQL.noop),
        # Rows older than the triggers; `recherche` becomes what they write.
        migrations.RunSQL("UPDATE public.annuaire_structure SET recherche = ''", migrations.RunSQL.noop),
    ]
