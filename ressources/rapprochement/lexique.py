"""From French text to terms: what is compared between a need and an offer.

PostgreSQL makes the lexemes, as for the search; an expression of data/vocabulaire_annonces.csv (« table de mixage »)
is one term, whatever its words mean alone, and every form of a line is the same term. « Banal » words say nothing.
"""

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import connection

FICHIER = Path(settings.BASE_DIR) / "data" / "vocabulaire_annonces.csv"
LEXEME = re.compile(r"'((?:[^']|'')*)':([\d,A-D]+)")
BUT = re.compile(r"\bpour\b", re.IGNORECASE)
LONGUEUR_DESCRIPTION = 600


def lexemes(textes: list[str]) -> list[list[str]]:
    """The lexemes of each text, in order, in one query."""
    if not textes:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_tsvector('public.fr', public.annuaire_singulier(t))::text"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS x (t, rang) ORDER BY rang",
            [list(textes)],
        )
        return [_en_ordre(vecteur) for (vecteur,) in cursor]


def _en_ordre(vecteur: str) -> list[str]:
    places = []
    for mot, positions in LEXEME.findall(vecteur):
        mot = mot.replace("''", "'")
        places += [(int(re.match(r"\d+", p)[0]), mot) for p in positions.split(",")]
    return [mot for _, mot in sorted(places)]


@dataclass(frozen=True)
class Vocabulaire:
    """`formes`: sequence of lexemes -> term; `requetes`: term -> the sequences that mean it."""

    formes: dict
    requetes: dict
    noms: dict
    banals: frozenset
    plus_longue: int

    def termes(self, suite: list[str]) -> list[str]:
        """The terms of a text, each once, in order: the longest expression first, banal words and numbers out."""
        trouves, i = {}, 0
        while i < len(suite):
            for longueur in range(min(self.plus_longue, len(suite) - i), 0, -1):
                terme = self.formes.get(tuple(suite[i : i + longueur]))
                if terme:
                    trouves[terme] = None
                    i += longueur
                    break
            else:
                if suite[i] not in self.banals and not suite[i].isdigit() and len(suite[i]) > 1:
                    trouves[suite[i]] = None
                i += 1
        return list(trouves)

    def tsquery(self, termes) -> str:
        """Any of these terms, as text for ::tsquery."""
        formes = [forme for terme in termes for forme in self.requetes.get(terme, [(terme,)])]
        return " | ".join("(" + " & ".join(_citer(mot) for mot in forme) + ")" for forme in formes)


def _citer(mot: str) -> str:
    return "'" + mot.replace("\\", "\\\\").replace("'", "''") + "'"


@lru_cache(maxsize=1)
def vocabulaire() -> Vocabulaire:
    """Read once per process, in one query."""
    with FICHIER.open(encoding="utf-8", newline="") as fichier:
        lignes = [
            (ligne["genre"], [f.strip() for f in ligne["formes"].split(",")]) for ligne in csv.DictReader(fichier)
        ]
    suites = iter(lexemes([forme for _, formes in lignes for forme in formes]))
    table, requetes, noms, banals = {}, {}, {}, set()
    for rang, (genre, formes) in enumerate(lignes):
        for forme in formes:
            suite = tuple(next(suites))
            if genre == "banal":
                banals.update(suite)
            elif suite and suite not in table:
                terme = f"={rang}"
                table[suite] = terme
                requetes.setdefault(terme, []).append(suite)
                noms.setdefault(terme, forme)
    return Vocabulaire(table, requetes, noms, frozenset(banals), max(map(len, table), default=1))


@dataclass(frozen=True)
class Sens:
    """The terms of an announcement: what it is about, what it is for (« pour… »), and its description."""

    objet: tuple
    but: tuple
    description: tuple

    @property
    def titre(self) -> tuple:
        return (*self.objet, *self.but)


def comprendre(annonces) -> list[Sens]:
    """What each announcement says, in one query."""
    textes = []
    for annonce in annonces:
        objet, *but = BUT.split(annonce.titre, maxsplit=1)
        textes += [objet, but[0] if but else "", annonce.description[:LONGUEUR_DESCRIPTION]]
    suites, v = lexemes(textes), vocabulaire()
    sens = []
    for i in range(0, len(suites), 3):
        objet, but, description = (v.termes(suite) for suite in suites[i : i + 3])
        if not objet:
            objet, but = but, []
        but = [t for t in but if t not in objet]
        titre = {*objet, *but}
        sens.append(Sens(tuple(objet), tuple(but), tuple(t for t in description if t not in titre)))
    return sens


MOT = re.compile(r"[^\W\d_]{2,}")


def mots_lisibles(annonces) -> dict[str, str]:
    """Term -> the word to show for it: the vocabulary's first form, or the word as it was typed; one query."""
    mots = sorted({mot for a in annonces for mot in MOT.findall(f"{a.titre} {a.description[:LONGUEUR_DESCRIPTION]}")})
    lisibles = {suite[0]: mot.lower() for mot, suite in zip(mots, lexemes(mots), strict=True) if suite}
    return lisibles | vocabulaire().noms
