"""Triggers: frozen consent wording, balanced ledger, nothing sent twice by itself."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"

DEFAIRE = """
DROP TRIGGER envoi_jamais_deux_fois ON public.newsletter_envoi;
DROP TRIGGER numero_solde ON public.newsletter_numero;
DROP TRIGGER mention_figee ON public.newsletter_mentionconsentement;
DROP FUNCTION public.newsletter_envoi_jamais_deux_fois();
DROP FUNCTION public.newsletter_numero_solde();
DROP FUNCTION public.newsletter_mention_figee();
"""


class Migration(migrations.Migration):
    dependencies = [("newsletter", "0001_initial")]
    operations = [migrations.RunSQL((SQL / "declencheurs.sql").read_text(), DEFAIRE)]
