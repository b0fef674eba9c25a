"""Triggers: the search column, the words, and what constraints cannot say of bookings."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"

DEFAIRE_RECHERCHE = """
DROP TRIGGER annonces_indexer ON public.annuaire_structure;
DROP TRIGGER annonces_indexer ON public.annuaire_commune;
DROP TRIGGER annonces_indexer ON public.ressources_categorie;
DROP TRIGGER recherche_indexer ON public.ressources_annonce;
DROP FUNCTION public.ressources_structure_changee();
DROP FUNCTION public.ressources_commune_changee();
DROP FUNCTION public.ressources_categorie_changee();
DROP FUNCTION public.ressources_annonce_indexer();
"""
DEFAIRE_MOTS = """
DROP TRIGGER mots_ajout ON public.ressources_annonce;
DROP TRIGGER mots_change ON public.ressources_annonce;
DROP TRIGGER mots_retrait ON public.ressources_annonce;
DROP FUNCTION public.ressources_mots_suivre();
DROP FUNCTION public.ressources_mots_retirer(text[]);
DROP FUNCTION public.ressources_mots_ajouter(text[]);
"""
DEFAIRE_RESERVATION = """
DROP TRIGGER reservation_verifier ON public.ressources_reservation;
DROP TRIGGER calendrier_verifier ON public.ressources_calendrier;
DROP FUNCTION public.ressources_reservation_verifier();
DROP FUNCTION public.ressources_calendrier_verifier();
DROP FUNCTION public.ressources_pic(bigint, bigint, tstzrange);
"""
# Rows too long give up their texts first, never the short columns that broad searches read on many rows.
COURTES = ["titre", "sens", "nature", "mode", "etat"]


class Migration(migrations.Migration):
    dependencies = [("ressources", "0001_initial"), ("annuaire", "0007_index_facettes")]
    operations = [
        migrations.RunSQL((SQL / "recherche.sql").read_text(), DEFAIRE_RECHERCHE),
        migrations.RunSQL((SQL / "mots.sql").read_text(), DEFAIRE_MOTS),
        migrations.RunSQL((SQL / "reservation.sql").read_text(), DEFAIRE_RESERVATION),
        migrations.RunSQL(
            "ALTER TABLE public.ressources_annonce SET (toast_tuple_target = 256)",
            "ALTER TABLE public.ressources_annonce RESET (toast_tuple_target)",
        ),
        *[
            migrations.RunSQL(
                f"ALTER TABLE public.ressources_annonce ALTER COLUMN {colonne} SET STORAGE MAIN",
                f"ALTER TABLE public.ressources_annonce ALTER COLUMN {colonne} SET STORAGE EXTENDED",
            )
            for colonne in COURTES
        ],
    ]
