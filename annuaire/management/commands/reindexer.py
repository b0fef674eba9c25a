"""Rewrite what search reads, or check it: the triggers keep it in step, this is the proof and the repair."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from annuaire.recherche.index import INDEX

LOT = 5000
DIFFERENTES = """
SELECT count(*) FROM public.annuaire_structure s, public.annuaire_contenu_recherche(s) c
WHERE (s.recherche, s.activites_index, s.competences_index) IS DISTINCT FROM (c.texte, c.activites, c.competences)
"""
ATTENDUS = """
SELECT DISTINCT m FROM public.annuaire_structure s, public.annuaire_mots(s.recherche_trgm) m WHERE s.etat = 'publiee'
"""
MOTS_DIFFERENTS = f"""
SELECT count(*) FROM (SELECT DISTINCT mot FROM public.annuaire_mot) x
FULL JOIN ({ATTENDUS}) a ON a.m = x.mot WHERE a.m IS NULL OR x.mot IS NULL
"""  # noqa: S608 - fixed fragments


class Command(BaseCommand):
    help = "Réécrit ce que la recherche lit ; --verifier compte ce qui diffère et ne change rien."

    def add_arguments(self, parser):
        parser.add_argument("--verifier", action="store_true", help="Compter seulement ; échoue s'il y a un écart.")

    def handle(self, *args, verifier=False, **options):
        if verifier:
            return self._verifier()
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(id), 0) FROM public.annuaire_structure")
            dernier = cursor.fetchone()[0]
            for debut in range(0, dernier + 1, LOT):
                # Emptied, so that the row trigger writes it anew.
                cursor.execute(
                    "UPDATE public.annuaire_structure SET recherche = '' WHERE id BETWEEN %s AND %s",
                    [debut, debut + LOT - 1],
                )
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE public.annuaire_mot IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute("DELETE FROM public.annuaire_mot")
            cursor.execute(f"INSERT INTO public.annuaire_mot (mot) {ATTENDUS}")
        for index in INDEX:
            index.reecrire()
        self.stdout.write("Index de recherche réécrit.")
        return None

    def _verifier(self):
        with connection.cursor() as cursor:
            cursor.execute(DIFFERENTES)
            structures = cursor.fetchone()[0]
            cursor.execute(MOTS_DIFFERENTS)
            mots = cursor.fetchone()[0]
        comptes = [(structures, "structures"), (mots, "mots"), *((index.ecarts(), index.nom) for index in INDEX)]
        if any(compte for compte, _ in comptes):
            details = ", ".join(f"{compte} {nom}" for compte, nom in comptes)
            raise CommandError(f"Diffèrent de ce qu'ils devraient être : {details}.")
        self.stdout.write("L'index de recherche est à jour.")
