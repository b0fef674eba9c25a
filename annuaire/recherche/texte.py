"""From the words typed to a full-text query, and what to do when nothing answers to them."""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchQueryField
from django.db.models import Q

from pole_ess.socle import aiguillage

CORRECTIONS_MAX = 4
MOTS_MAX = 8

EXACT, CORRIGE, PARTIEL, RIEN = "exact", "corrige", "partiel", "rien"


class RequeteTexte(SearchQuery):
    """A tsquery already normalised by the configuration public.fr, as text."""

    def __init__(self, texte, **extra):
        super().__init__(texte, **extra)
        self.texte = texte

    def as_sql(self, compiler, connection, function=None, template=None):
        return "%s::tsquery", [self.texte]

    output_field = SearchQueryField()


@dataclass(frozen=True)
class Source:
    """What is searched: its table (it has `recherche_vecteur`), which of its rows are in the public eye (SQL on the
    alias `s`), and the table of their words. `numeros`: it has the columns siret and rna."""

    table: str
    publique: str
    mots: str
    numeros: bool = False


STRUCTURES = Source("annuaire_structure", "s.etat = 'publiee'", "annuaire_mot", numeros=True)


@dataclass(frozen=True)
class Texte:
    """`mode`: every word is there (exact); words were corrected; some words only (partiel); nothing (rien)."""

    saisi: str = ""
    tsquery: str = ""
    numero: str = ""
    mode: str = EXACT
    corrections: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def filtre(self) -> Q | None:
        """None when nothing (or only stop words) was typed."""
        if self.mode == RIEN:
            return Q(recherche_vecteur=RequeteTexte(""))  # matches nothing
        condition = Q(recherche_vecteur=RequeteTexte(self.tsquery)) if self.tsquery else Q()
        if self.numero:
            condition |= numero_commence_par(self.numero)
        return condition or None


def comprendre(saisi: str, source: Source = STRUCTURES) -> Texte:
    """The query that finds something: as typed, else corrected, else with some of the words."""
    if not saisi:
        return Texte()
    numero = lire_numero(saisi) if source.numeros else ""
    saisie = "websearch_to_tsquery('public.fr', public.annuaire_singulier(%s))"
    tsquery, trouve = _essayer(saisie, [saisi], numero, source)
    if trouve or not (tsquery or numero):
        return Texte(saisi, tsquery, numero)
    return approcher(saisi, source)


def telle_quelle(saisi: str, source: Source = STRUCTURES) -> Texte:
    """The query as typed, whether or not something answers to it."""
    with aiguillage.connexion().cursor() as cursor:
        cursor.execute("SELECT websearch_to_tsquery('public.fr', public.annuaire_singulier(%s))::text", [saisi])
        return Texte(saisi, cursor.fetchone()[0], lire_numero(saisi) if source.numeros else "")


def lexemes(tsquery: str) -> list[str]:
    """The words that a query looks for, as the configuration `fr` writes them; those that it excludes left out."""
    cherches = re.sub(r"!\s*(?:\([^()]*\)|'(?:[^']|'')*')", "", tsquery)
    return [mot.replace("''", "'") for mot in re.findall(r"'((?:[^']|'')*)'", cherches)]


def lire_numero(saisi: str) -> str:
    """The first digits of a SIRET, or of an RNA number with its W, spaces and dots left out; else nothing."""
    compact = re.sub(r"[\s.\-]", "", saisi).upper()
    return compact if re.fullmatch(r"\d{3,14}|W\d{1,9}", compact, re.ASCII) else ""


def numero_commence_par(numero: str) -> Q:
    """A range rather than LIKE: any collation's b-tree serves it."""
    champ, longueur = ("rna", 10) if numero.startswith("W") else ("siret", 14)
    bornes = (numero.ljust(longueur, "0"), numero.ljust(longueur, "9"))
    return Q(**{f"{champ}__range": bornes}) & ~Q(**{champ: ""})


def _essayer(expression: str, parametres: list, numero: str, source: Source) -> tuple[str, bool]:
    """(the query, whether something published answers to it)."""
    condition, valeurs = "s.recherche_vecteur @@ r.requete", []
    if numero:
        champ, longueur = ("rna", 10) if numero.startswith("W") else ("siret", 14)
        condition = f"{condition} OR (s.{champ} BETWEEN %s AND %s AND s.{champ} <> '')"
        valeurs = [numero.ljust(longueur, "0"), numero.ljust(longueur, "9")]
    with aiguillage.connexion().cursor() as cursor:
        cursor.execute(
            f"SELECT r.requete::text, EXISTS (SELECT 1 FROM {source.table} s"  # noqa: S608 - fixed fragments
            f" WHERE {source.publique} AND ({condition})) FROM (SELECT {expression} AS requete) AS r",
            [*valeurs, *parametres],
        )
        return cursor.fetchone()


PROCHES = """
SELECT m.mot,
    plainto_tsquery('public.fr', public.annuaire_singulier(m.mot))::text,
    EXISTS (
        SELECT 1 FROM {table} s
        WHERE {publique}
        AND s.recherche_vecteur @@ plainto_tsquery('public.fr', public.annuaire_singulier(m.mot))
    ),
    ARRAY(
        SELECT c.mot FROM (
            SELECT v.mot FROM {mots} v WHERE v.mot %% m.mot
            UNION
            SELECT v.mot FROM {mots} v WHERE v.mot LIKE m.mot || '%%'
            UNION
            SELECT v.mot FROM {mots} v
            WHERE length(m.mot) BETWEEN 4 AND 12 AND v.mot LIKE left(m.mot, 1) || '%%'
            AND length(v.mot) BETWEEN length(m.mot) - 1 AND length(m.mot) + 2
        ) AS c
        ORDER BY similarity(c.mot, m.mot) DESC, c.mot LIMIT 40
    )
FROM (
    SELECT x.mot, min(x.rang) AS rang
    FROM regexp_split_to_table(public.sans_accent(%s), '[^[:alpha:]]+') WITH ORDINALITY AS x (mot, rang)
    WHERE length(x.mot) BETWEEN 3 AND 30
    GROUP BY x.mot ORDER BY 2 LIMIT %s
) AS m
ORDER BY m.rang
"""
"""For each word typed: itself, its query, whether it is in use, and the words that look like it."""


def approcher(saisi: str, source: Source) -> Texte:
    """When nothing answers to what was typed: mistyped words corrected, else some of the words, else nothing."""
    numero = lire_numero(saisi) if source.numeros else ""
    requete = PROCHES.format(table=source.table, publique=source.publique, mots=source.mots)
    with aiguillage.connexion().cursor() as cursor:
        cursor.execute(requete, [saisi, MOTS_MAX])
        connus = cursor.fetchall()
    groupes, corrections = [], []
    for mot, tsquery, present, candidats in connus:
        if not tsquery:  # a stop word
            continue
        if present:
            groupes.append([mot])
        elif choisis := corriger(mot, candidats):
            groupes.append(choisis)
            corrections.append((mot, tuple(choisis)))
    if not groupes:
        return Texte(saisi, numero=numero, mode=RIEN)
    morceaux = [
        "(" + " || ".join(["plainto_tsquery('public.fr', public.annuaire_singulier(%s))"] * len(groupe)) + ")"
        for groupe in groupes
    ]
    parametres = [mot for groupe in groupes for mot in groupe]
    tsquery, trouve = _essayer(" && ".join(morceaux), parametres, "", source)
    if trouve:
        mode = CORRIGE if corrections else PARTIEL
    else:
        tsquery, trouve = _essayer(" || ".join(morceaux), parametres, "", source)
        mode = PARTIEL if trouve else RIEN
    return Texte(saisi, tsquery, "", mode, tuple(corrections))


def corriger(mot: str, candidats: list[str]) -> list[str]:
    """Words that begin with `mot`, else those at the least distance: one mistake, or one per four letters."""
    if commencent := [c for c in candidats if c.startswith(mot)]:
        return commencent[:CORRECTIONS_MAX]
    # A plural is not a mistake.
    distances = [(min(distance(mot, c), distance(mot, c.rstrip("sx"))), rang, c) for rang, c in enumerate(candidats)]
    if not distances:
        return []
    meilleure = min(distances)[0]
    if meilleure > max(1, round(len(mot) / 4)):
        return []
    return [c for d, _, c in sorted(distances) if d == meilleure][:CORRECTIONS_MAX]


def distance(a: str, b: str) -> int:
    """Damerau-Levenshtein distance (optimal string alignment): a swap of neighbours is one mistake."""
    avant, lignes = [], list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        courante = [i]
        for j, y in enumerate(b, 1):
            cout = min(lignes[j] + 1, courante[j - 1] + 1, lignes[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cout = min(cout, avant[j - 2] + 1)
            courante.append(cout)
        avant, lignes = lignes, courante
    return lignes[-1]
