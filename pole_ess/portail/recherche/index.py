"""The proof and the repair of what the triggers write (`manage.py reindexer [--verifier]`)."""

from django.db import connection, transaction

from annuaire.recherche.index import Index

ENTREES_DIFFERENTES = """
WITH attendues AS (
    SELECT o.genre, o.objet, coalesce(c.titre, '') AS titre, coalesce(c.texte, '') AS texte,
        coalesce(c.publique, false) AS publique, c.quand
    FROM public.portail_objets() o LEFT JOIN LATERAL public.portail_contenu(o.genre, ARRAY[o.objet]) c ON true
)
SELECT count(*) FROM public.portail_entreerecherche e
FULL JOIN attendues a ON a.genre = e.genre AND a.objet = e.objet
WHERE (e.genre, e.titre, e.texte, e.publique, e.quand)
    IS DISTINCT FROM (a.genre, a.titre, a.texte, a.publique, a.quand)
"""
MOTS_ATTENDUS = """
SELECT DISTINCT m FROM public.portail_entreerecherche e,
    public.annuaire_mots(public.sans_accent(concat_ws(E'\\n', e.titre, e.texte))) m WHERE e.publique
"""
MOTS_DIFFERENTS = f"""
SELECT count(*) FROM (SELECT DISTINCT mot FROM public.portail_motportail) x
FULL JOIN ({MOTS_ATTENDUS}) a ON a.m = x.mot WHERE a.m IS NULL OR x.mot IS NULL
"""  # noqa: S608 - fixed fragments


def _compter(requete: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(requete)
        return cursor.fetchone()[0]


def _reecrire_les_entrees() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.portail_reindexer()")


def _reecrire_les_mots() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE public.portail_motportail IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM public.portail_motportail")
        cursor.execute(f"INSERT INTO public.portail_motportail (mot) {MOTS_ATTENDUS}")


ENTREES = Index("entrées du portail", lambda: _compter(ENTREES_DIFFERENTES), _reecrire_les_entrees)
MOTS = Index("mots du portail", lambda: _compter(MOTS_DIFFERENTS), _reecrire_les_mots)
