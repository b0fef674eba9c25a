"""Notes of an axis that may say the same thing: what PostgreSQL reads in them, compared two by two.

Two measures, each from 0 to 1: trigrams in common (letters, hence typos: pg_trgm's own measure) and stems in common
(words whatever their ending, empty words left out). Either being high is enough. Neither groups anything: staff do.
"""

from dataclasses import dataclass

from django.db import connection

from reunions.models import Axe, PostIt

TRIGRAMMES_MIN = 0.5
RACINES_MIN = 0.6
SUGGESTIONS_MAX = 20
NOTES_MAX = 400
"""Notes compared at most, the oldest first: 80,000 pairs."""
SQL = """
SELECT p.id, p.texte, p.couleur, p.categorie_id,
       show_trgm(public.sans_accent(p.texte)),
       tsvector_to_array(to_tsvector('public.fr', p.texte))
  FROM reunions_postit p WHERE p.axe_id = %s ORDER BY p.id LIMIT %s
"""
REFUSEES = """
SELECT q.a_id, q.b_id FROM reunions_quasidoublonrefuse q JOIN reunions_postit p ON p.id = q.a_id WHERE p.axe_id = %s
"""


@dataclass(frozen=True)
class Note:
    """A note as it is compared."""

    pk: int
    texte: str
    couleur: str
    categorie_id: int | None
    trigrammes: frozenset
    racines: frozenset

    def get_couleur_display(self) -> str:
        return PostIt(couleur=self.couleur).get_couleur_display()


@dataclass(frozen=True)
class Suggestion:
    """Two close notes of one axis, the oldest first."""

    a: Note
    b: Note
    score: float


def suggestions(axe: Axe) -> list[Suggestion]:
    """The closest pairs that are not already together nor refused, the closest first. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, [axe.pk, NOTES_MAX])
        notes = [Note(*ligne[:4], frozenset(ligne[4]), frozenset(ligne[5])) for ligne in cursor.fetchall()]
        cursor.execute(REFUSEES, [axe.pk])
        refusees = set(cursor.fetchall())
    trouvees = []
    for rang, a in enumerate(notes):
        for b in notes[rang + 1 :]:
            ensemble = a.categorie_id is not None and a.categorie_id == b.categorie_id
            score = 0.0 if ensemble else proximite(a, b)
            if score and (a.pk, b.pk) not in refusees:
                trouvees.append(Suggestion(a, b, score))
    return sorted(trouvees, key=lambda s: (-s.score, s.a.pk, s.b.pk))[:SUGGESTIONS_MAX]


def proximite(a: Note, b: Note) -> float:
    """The higher of the two measures, 0 when neither is high enough."""
    lettres, mots = _commun(a.trigrammes, b.trigrammes), _commun(a.racines, b.racines)
    return max(lettres if lettres >= TRIGRAMMES_MIN else 0.0, mots if mots >= RACINES_MIN else 0.0)


def _commun(un: frozenset, autre: frozenset) -> float:
    """Jaccard's measure: what is shared over all there is."""
    partage = len(un & autre)
    return partage / (len(un) + len(autre) - partage) if partage else 0.0
