"""Triggers that keep the entries of the search and their words in step, and a first pass over what is there."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"

DEFAIRE_MOTS = """
DROP TRIGGER mots_ajout ON public.portail_entreerecherche;
DROP TRIGGER mots_change ON public.portail_entreerecherche;
DROP TRIGGER mots_retrait ON public.portail_entreerecherche;
DROP FUNCTION public.portail_mots_suivre();
DROP FUNCTION public.portail_mots_retirer(text[]);
DROP FUNCTION public.portail_mots_ajouter(text[]);
"""
DEFAIRE_RECHERCHE = """
DROP TRIGGER recherche_ajout ON public.reunions_reunion;
DROP TRIGGER recherche_change ON public.reunions_reunion;
DROP TRIGGER recherche_compte_rendu ON public.reunions_reunion;
DROP TRIGGER recherche_partie ON public.reunions_pointordredujour;
DROP TRIGGER recherche_ajout ON public.reunions_evenement;
DROP TRIGGER recherche_change ON public.reunions_evenement;
DROP TRIGGER recherche_ajout ON public.reunions_compterendu;
DROP TRIGGER recherche_change ON public.reunions_compterendu;
DROP TRIGGER recherche_partie ON public.reunions_versioncompterendu;
DROP TRIGGER recherche_ajout ON public.newsletter_numero;
DROP TRIGGER recherche_change ON public.newsletter_numero;
DROP TRIGGER recherche_partie ON public.newsletter_bloc;
DROP TRIGGER recherche_ajout ON public.newsletter_breve;
DROP TRIGGER recherche_change ON public.newsletter_breve;
DROP TRIGGER recherche_ajout ON public.reunions_action;
DROP TRIGGER recherche_change ON public.reunions_action;
DROP TRIGGER recherche_ajout ON public.reunions_projet;
DROP TRIGGER recherche_change ON public.reunions_projet;
DROP TRIGGER recherche_actions ON public.reunions_projet;
DROP TRIGGER recherche_partie_action ON public.reunions_nouvelle;
DROP TRIGGER recherche_partie_projet ON public.reunions_nouvelle;
DROP TRIGGER recherche_du_portail ON public.annuaire_structure;
DROP TRIGGER recherche_du_portail ON public.annuaire_commune;
DROP FUNCTION public.portail_reindexer();
DROP FUNCTION public.portail_commune_changee();
DROP FUNCTION public.portail_structure_changee();
DROP FUNCTION public.portail_projet_change();
DROP FUNCTION public.portail_reunion_changee();
DROP FUNCTION public.portail_partie_changee();
DROP FUNCTION public.portail_suivre();
DROP FUNCTION public.portail_indexer(text, bigint[]);
DROP FUNCTION public.portail_objets();
DROP FUNCTION public.portail_contenu(text, bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portail", "0001_recherche"),
        ("newsletter", "0006_sans_rappel"),
        ("reunions", "0008_mots_de_l_equipe"),
    ]
    operations = [
        migrations.RunSQL((SQL / "recherche.sql").read_text(), DEFAIRE_RECHERCHE),
        migrations.RunSQL((SQL / "mots.sql").read_text(), DEFAIRE_MOTS),
        migrations.RunSQL("SELECT public.portail_reindexer()", migrations.RunSQL.noop),
    ]
