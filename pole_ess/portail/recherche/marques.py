"""Found words, marked in what is shown; everything else is escaped."""

import re

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from annuaire.texte import plier

MOT = re.compile(r"\w+")
EXTRAIT, AVANT = 190, 70
"""Letters of an excerpt, and of those before the first found word."""


class Marqueur:
    """Knows which words of the texts that it is given the query found, by the very rules of the search.

    One query whatever the number of texts: each distinct word that begins as a word of the query is asked once.
    """

    def __init__(self, textes, lexemes: list[str]):
        debuts = {lexeme[:2] for lexeme in lexemes}
        candidats = {plie for texte in textes for mot in MOT.findall(texte) if (plie := plier(mot))[:2] in debuts}
        self.trouves = _trouves(sorted(candidats), lexemes) if candidats else set()

    def compte(self, texte: str) -> set[str]:
        """The distinct words of `texte` that were found."""
        return {plier(mot) for mot in MOT.findall(texte)} & self.trouves

    def marquer(self, texte: str) -> SafeString:
        """HTML: `texte` escaped, its found words in <mark>."""
        morceaux, fin = [], 0
        for mot in MOT.finditer(texte):
            if plier(mot[0]) in self.trouves:
                morceaux += [escape(texte[fin : mot.start()]), "<mark>", escape(mot[0]), "</mark>"]
                fin = mot.end()
        return mark_safe("".join([*morceaux, escape(texte[fin:])]))  # noqa: S308 - every piece is escaped

    def extrait(self, texte: str) -> SafeString:
        """The same, cut around the first found word."""
        texte = " ".join(texte.split())
        premier = next((mot.start() for mot in MOT.finditer(texte) if plier(mot[0]) in self.trouves), 0)
        debut = 0
        if premier > AVANT and len(texte) > EXTRAIT:
            debut = texte.find(" ", min(premier - AVANT, len(texte) - EXTRAIT), premier) + 1
        suite = texte[debut:]
        if len(suite) > EXTRAIT:
            suite = Truncator(suite).chars(suite.rfind(" ", 0, EXTRAIT) + 2 if " " in suite[:EXTRAIT] else EXTRAIT)
        return self.marquer(f"…{suite}" if debut else suite)


def _trouves(mots: list[str], lexemes: list[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m FROM unnest(%s::text[]) AS m WHERE"
            " tsvector_to_array(to_tsvector('public.fr', public.annuaire_singulier(m))) && %s::text[]",
            [mots, lexemes],
        )
        return {mot for (mot,) in cursor.fetchall()}
